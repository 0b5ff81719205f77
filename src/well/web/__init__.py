"""Server-rendered pages: what people see and press; no rule of the product lives here."""
