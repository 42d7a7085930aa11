"""Official documents as PDF: one module per document, each with its data and one `render(data, language)`."""
