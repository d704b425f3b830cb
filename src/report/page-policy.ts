/** What our pages may load: their own styles and pictures, no script, nothing from elsewhere. */
export const contentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
