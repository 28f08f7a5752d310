"""The classes of syntax trees in System.Management.Automation.Language, each with its base (both without ``Ast``)."""

from __future__ import annotations

from typing import Final

SPACE: Final = "System.Management.Automation.Language"
_BASES: Final[dict[str, str]] = {
    **dict.fromkeys(("Statement", "CommandElement", "AttributeBase", "NamedBlock", "ParamBlock", "Parameter"), ""),
    **dict.fromkeys(("ScriptBlock", "CatchClause", "MemberAst", "NamedAttributeArgument", "Redirection"), ""),
    **dict.fromkeys(("Attribute", "TypeConstraint"), "AttributeBase"),
    "Expression": "CommandElement",
    "CommandParameter": "CommandElement",
    "CommandBase": "Statement",
    "PipelineBase": "Statement",
    "LabeledStatement": "Statement",
    "LoopStatement": "LabeledStatement",
    **dict.fromkeys(("Command", "CommandExpression"), "CommandBase"),
    **dict.fromkeys(("Pipeline", "AssignmentStatement"), "PipelineBase"),
    **dict.fromkeys(("ForStatement", "ForEachStatement", "WhileStatement", "DoWhileStatement"), "LoopStatement"),
    "DoUntilStatement": "LoopStatement",
    "SwitchStatement": "LabeledStatement",
    **dict.fromkeys(
        (
            *("FunctionDefinition", "IfStatement", "TryStatement", "TrapStatement", "DataStatement", "BreakStatement"),
            *("ContinueStatement", "ReturnStatement", "ThrowStatement", "ExitStatement", "StatementBlock"),
            *("UsingStatement", "TypeDefinition", "ConfigurationDefinition", "DynamicKeywordStatement"),
        ),
        "Statement",
    ),
    **dict.fromkeys(
        (
            *("ConstantExpression", "BinaryExpression", "UnaryExpression", "ConvertExpression", "TypeExpression"),
            *("ExpandableStringExpression", "VariableExpression", "MemberExpression", "IndexExpression", "Hashtable"),
            *("ArrayLiteral", "ArrayExpression", "SubExpression", "ParenExpression", "ScriptBlockExpression"),
            *("UsingExpression", "AttributedExpression"),
        ),
        "Expression",
    ),
    "StringConstantExpression": "ConstantExpression",
    "InvokeMemberExpression": "MemberExpression",
    "FileRedirection": "Redirection",
    "MergingRedirection": "Redirection",
}

#: full name -> full name of the base
TREE_TYPES: Final = {f"{SPACE}.{name}Ast": f"{SPACE}.{base}Ast" for name, base in _BASES.items()}
