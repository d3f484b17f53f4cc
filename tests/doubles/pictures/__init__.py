"""Product pictures, drawn here: SVG for the storefront, PNG for mails."""
