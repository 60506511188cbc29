//! E-mail in the product's look: one column, no pictures, no tables, readable in any program.

use maud::{DOCTYPE, Markup, html};

/// A message. The subject is the caller's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mail<'a> {
    /// Whose mail it is.
    pub organization: &'a str,
    /// The organization's colour, 0 to 359.
    pub hue: u16,
    /// First line.
    pub heading: &'a str,
    /// The text, paragraph by paragraph.
    pub paragraphs: &'a [&'a str],
    /// The one thing to do: words and an absolute address.
    pub action: Option<(&'a str, &'a str)>,
    /// Why the reader got this: "because you follow incidents of Harbour Gate".
    pub why: &'a str,
}

/// The message as HTML and as plain text.
#[must_use]
pub fn mail(mail: &Mail<'_>) -> (String, String) {
    (page(mail).into_string(), plain(mail))
}

// Mail programs know neither style sheets of other origins nor custom properties nor oklch: styles stand at the
// elements, and this is the one place where they do. The page's policy never meets this document.
fn page(mail: &Mail<'_>) -> Markup {
    let accent = accent(mail.hue);
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta name="color-scheme" content="light dark";
                title { (mail.heading) }
            }
            body style="margin:0;padding:24px 16px;font:16px/1.5 -apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif" {
                div style="max-width:560px;margin:0 auto" {
                    p style={ "margin:0 0 24px;padding:0 0 12px;border-bottom:3px solid " (accent) ";font-weight:600" } { (mail.organization) }
                    h1 style="margin:0 0 16px;font-size:22px;line-height:1.3" { (mail.heading) }
                    @for paragraph in mail.paragraphs { p style="margin:0 0 16px;white-space:pre-line" { (paragraph) } }
                    @if let Some((label, url)) = mail.action {
                        p style="margin:24px 0" {
                            a href=(url) style={ "display:inline-block;padding:12px 20px;border-radius:6px;background:" (accent) ";color:#ffffff;font-weight:600;text-decoration:none" } { (label) }
                        }
                        p style="margin:0 0 16px;font-size:13px;word-break:break-all" { "If the button does not work, open this address: " (url) }
                    }
                    p style="margin:32px 0 0;padding:12px 0 0;border-top:1px solid #8888;font-size:13px" { "You got this e-mail " (mail.why) }
                }
            }
        }
    }
}

fn plain(mail: &Mail<'_>) -> String {
    let mut text = format!("{}\n\n{}\n\n", mail.organization, mail.heading);
    for paragraph in mail.paragraphs {
        text.push_str(paragraph);
        text.push_str("\n\n");
    }
    if let Some((label, url)) = mail.action {
        text.push_str(&format!("{label}:\n{url}\n\n"));
    }
    text.push_str(&format!("-- \nYou got this e-mail {}\n", mail.why));
    text
}

/// The hue as a colour that white words stand on with at least 4.5:1, in the notation mail programs know.
fn accent(hue: u16) -> String {
    format!("hsl({},70%,28%)", hue % 360)
}
