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
    /// What it is about, as names and values.
    pub facts: &'a [(&'a str, &'a str)],
    /// Several things in one message, each under a heading of its own.
    pub parts: &'a [MailPart<'a>],
    /// The one thing to do: words and an absolute address.
    pub action: Option<(&'a str, &'a str)>,
    /// Why the reader got this: "because you follow incidents of Harbour Gate".
    pub why: &'a str,
    /// Where to change what one gets: an absolute address.
    pub settings: Option<&'a str>,
    /// What stops more of its sort: words and an absolute address.
    pub stop: Option<(&'a str, &'a str)>,
}

/// One of several things in a message.
#[derive(Clone, Copy, Debug, Default)]
pub struct MailPart<'a> {
    /// Its first line.
    pub heading: &'a str,
    /// Names and values.
    pub facts: &'a [(&'a str, &'a str)],
    /// The text, paragraph by paragraph.
    pub paragraphs: &'a [&'a str],
    /// Words and an absolute address.
    pub action: Option<(&'a str, &'a str)>,
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
                    (facts(mail.facts))
                    (paragraphs(mail.paragraphs))
                    @for part in mail.parts {
                        div style="margin:0 0 24px;padding:16px 0 0;border-top:1px solid #8888" {
                            h2 style="margin:0 0 12px;font-size:17px;line-height:1.3" { (part.heading) }
                            (facts(part.facts))
                            (paragraphs(part.paragraphs))
                            @if let Some((label, url)) = part.action { p style="margin:0" { a href=(url) { (label) } } }
                        }
                    }
                    @if let Some((label, url)) = mail.action {
                        p style="margin:24px 0" {
                            a href=(url) style={ "display:inline-block;padding:12px 20px;border-radius:6px;background:" (accent) ";color:#ffffff;font-weight:600;text-decoration:none" } { (label) }
                        }
                        p style="margin:0 0 16px;font-size:13px;word-break:break-all" { "If the button does not work, open this address: " (url) }
                    }
                    p style="margin:32px 0 0;padding:12px 0 0;border-top:1px solid #8888;font-size:13px" {
                        "You got this e-mail " (mail.why)
                        @if let Some(url) = mail.settings { br; a href=(url) { "Change what you get" } }
                        @if let Some((label, url)) = mail.stop { @if mail.settings.is_some() { " · " } @else { br; } a href=(url) { (label) } }
                    }
                }
            }
        }
    }
}

fn facts(facts: &[(&str, &str)]) -> Markup {
    html! {
        @if !facts.is_empty() {
            dl style="margin:0 0 16px" {
                @for (name, value) in facts {
                    div style="margin:0 0 4px" {
                        dt style="display:inline-block;min-width:96px;opacity:.75" { (name) }
                        " "
                        dd style="display:inline;margin:0" { (value) }
                    }
                }
            }
        }
    }
}

fn paragraphs(paragraphs: &[&str]) -> Markup {
    html! { @for paragraph in paragraphs { p style="margin:0 0 16px;white-space:pre-line" { (paragraph) } } }
}

fn plain_body(text: &mut String, facts: &[(&str, &str)], paragraphs: &[&str]) {
    for (name, value) in facts {
        text.push_str(&format!("{name}: {value}\n"));
    }
    if !facts.is_empty() {
        text.push('\n');
    }
    for paragraph in paragraphs {
        text.push_str(paragraph);
        text.push_str("\n\n");
    }
}

fn plain(mail: &Mail<'_>) -> String {
    let mut text = format!("{}\n\n{}\n\n", mail.organization, mail.heading);
    plain_body(&mut text, mail.facts, mail.paragraphs);
    for part in mail.parts {
        text.push_str(&format!("* {}\n\n", part.heading));
        plain_body(&mut text, part.facts, part.paragraphs);
        if let Some((label, url)) = part.action {
            text.push_str(&format!("{label}:\n{url}\n\n"));
        }
    }
    if let Some((label, url)) = mail.action {
        text.push_str(&format!("{label}:\n{url}\n\n"));
    }
    text.push_str(&format!("-- \nYou got this e-mail {}\n", mail.why));
    if let Some(url) = mail.settings {
        text.push_str(&format!("Change what you get: {url}\n"));
    }
    if let Some((label, url)) = mail.stop {
        text.push_str(&format!("{label}: {url}\n"));
    }
    text
}

/// The hue as a colour that white words stand on with at least 4.5:1, in the notation mail programs know.
fn accent(hue: u16) -> String {
    format!("hsl({},70%,28%)", hue % 360)
}
