"""The Local Configuration Manager of the lab's hosts: it takes DSC documents, applies them and watches over them."""
