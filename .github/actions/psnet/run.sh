#!/usr/bin/env bash
# One step of the action: PSNET_COMMAND over PSNET_SITE, PSNET_HOSTS, PSNET_PLAN and PSNET_LIMIT. The same script serves GitLab.
set -euo pipefail

site="${PSNET_SITE:-site.yaml}"
hosts="${PSNET_HOSTS:-hosts.yaml}"
plan="${PSNET_PLAN:-psnet-plan.json}"
summary="${GITHUB_STEP_SUMMARY:-/dev/null}"
outputs="${GITHUB_OUTPUT:-/dev/null}"
limit=()
if [ -n "${PSNET_LIMIT:-}" ]; then
  limit=(--limit "$PSNET_LIMIT")
fi

case "${PSNET_COMMAND:?say validate, plan or apply}" in
  validate)
    psnet fmt --check "$site"
    psnet validate "$site" --sarif psnet.sarif
    ;;
  plan)
    code=0
    psnet plan "$site" -i "$hosts" "${limit[@]}" --out "$plan" --junit psnet-junit.xml --detailed-exitcode || code=$?
    if [ "$code" -ne 0 ] && [ "$code" -ne 2 ]; then
      exit "$code"
    fi
    psnet show "$plan" --picture psnet-plan.mmd --html psnet-plan.html
    {
      echo "### psnet plan of $site"
      echo
      echo '```mermaid'
      cat psnet-plan.mmd
      echo '```'
      echo
      echo '<details><summary>The plan</summary>'
      echo
      echo '```'
      psnet show "$plan"
      echo '```'
      echo '</details>'
    } > psnet-comment.md
    cat psnet-comment.md >> "$summary"
    if [ "$code" -eq 2 ]; then echo "changes=true" >> "$outputs"; else echo "changes=false" >> "$outputs"; fi
    ;;
  apply)
    psnet apply "$plan" --junit psnet-junit.xml
    ;;
  *)
    echo "psnet action: $PSNET_COMMAND is none of validate, plan, apply" >&2
    exit 3
    ;;
esac
