//! What goes out. The same typed view becomes a page or JSON; a form that was refused comes back with what was
//! typed and a message at the field.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::{Error, FieldErrors};
use maud::Markup;
use serde::Serialize;

use crate::Answer;
use crate::context::{Ctx, Door};
use crate::problem::{Failure, status};

/// A response on its way out.
#[derive(Debug)]
pub struct Reply(pub Response);

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        self.0
    }
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self(response)
    }
}

/// The parts of a page around its body.
#[derive(Clone, Debug, Default)]
pub struct PageParts<'a> {
    /// The page's title, and its heading unless the body brings one.
    pub title: &'a str,
    /// The way back: label and path below the door.
    pub crumbs: Vec<(String, String)>,
    /// Buttons beside the heading.
    pub actions: Option<Markup>,
    /// A path below the door whose changes this page follows.
    pub live: Option<&'a str>,
}

impl<'a> PageParts<'a> {
    /// Just a title.
    #[must_use]
    pub fn titled(title: &'a str) -> Self {
        Self { title, ..Self::default() }
    }

    /// With one more step back.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.crumbs.push((label.into(), path.into()));
        self
    }

    /// With buttons.
    #[must_use]
    pub fn actions(mut self, actions: Markup) -> Self {
        self.actions = Some(actions);
        self
    }
}

/// Messages to show with a form that comes back: at fields, and one for the whole.
#[derive(Clone, Debug, Default)]
pub struct Complaints {
    /// By field.
    pub fields: FieldErrors,
    /// For the whole form.
    pub whole: Option<String>,
}

impl Complaints {
    /// The messages of one field.
    #[must_use]
    pub fn of(&self, field: &str) -> &[String] {
        self.fields.of(field)
    }
}

impl Ctx {
    /// Answers with a view: JSON through the API, a page through a portal.
    ///
    /// # Errors
    /// Those of serialization, which are ours.
    pub fn show<T: Serialize>(&self, out: &T, page: impl FnOnce(&T) -> Markup) -> Answer {
        match self.door {
            Door::Api => json(StatusCode::OK, out),
            Door::Portal(_) => Ok(Reply(page(out).into_response())),
        }
    }

    /// Answers with a page, through a portal; there is nothing here for the API.
    ///
    /// # Errors
    /// [`Error::NotFound`] through the API.
    pub fn page_only(&self, page: impl FnOnce() -> Markup) -> Answer {
        match self.door {
            Door::Api => Err(Failure(Error::NotFound)),
            Door::Portal(_) => Ok(Reply(page().into_response())),
        }
    }

    /// Answers that something was made: 201 with its place through the API, the way to it through a portal.
    ///
    /// # Errors
    /// Those of serialization.
    pub fn created<T: Serialize>(&self, out: &T, path: &str) -> Answer {
        match self.door {
            Door::Api => {
                let Reply(mut response) = json(StatusCode::CREATED, out)?;
                set(&mut response, header::LOCATION, &self.href(path));
                Ok(Reply(response))
            }
            Door::Portal(_) => Ok(self.go(path)),
        }
    }

    /// Answers that something was done: the new view through the API, the way onwards through a portal.
    ///
    /// # Errors
    /// Those of serialization.
    pub fn done<T: Serialize>(&self, out: &T, path: &str) -> Answer {
        match self.door {
            Door::Api => json(StatusCode::OK, out),
            Door::Portal(_) => Ok(self.go(path)),
        }
    }

    /// Answers that something is gone: 204 through the API, the way onwards through a portal.
    #[must_use]
    pub fn gone(&self, path: &str) -> Reply {
        match self.door {
            Door::Api => Reply(StatusCode::NO_CONTENT.into_response()),
            Door::Portal(_) => self.go(path),
        }
    }

    /// Sends a browser to a path below this door.
    #[must_use]
    pub fn go(&self, path: &str) -> Reply {
        go(&self.href(path))
    }

    /// Shows a form again, with what was typed and what is wrong with it. Through the API the error goes out as it
    /// is; so do errors that no form can mend.
    ///
    /// # Errors
    /// The error itself where a form is no answer.
    pub fn again(&self, error: Error, form: impl FnOnce(&Complaints) -> Markup) -> Answer {
        if self.door == Door::Api {
            return Err(Failure(error));
        }
        let code = status(&error);
        let complaints = match error {
            Error::Invalid(fields) => Complaints { fields, whole: None },
            Error::Conflict(text) | Error::BadRequest(text) | Error::Forbidden(text) => {
                Complaints { whole: Some(text), ..Complaints::default() }
            }
            Error::Stale | Error::Unavailable(_) | Error::TooMany(_) => {
                Complaints { whole: Some(error.to_string()), ..Complaints::default() }
            }
            other => return Err(Failure(other)),
        };
        Ok(Reply((code, form(&complaints)).into_response()))
    }
}

/// Sends a browser to a path of this server. See-other, so that a reload does not send a form twice.
#[must_use]
pub fn go(path: &str) -> Reply {
    let mut response = StatusCode::SEE_OTHER.into_response();
    // Only paths of our own: two slashes would name another host.
    let safe =
        if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') { path } else { "/" };
    set(&mut response, header::LOCATION, safe);
    Reply(response)
}

/// A JSON answer.
///
/// # Errors
/// Those of serialization.
pub fn json<T: Serialize>(code: StatusCode, out: &T) -> Answer {
    let body = serde_json::to_vec(out).map_err(Error::internal)?;
    let mut response = (code, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(Reply(response))
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// A file to keep, never to show: `attachment`, with a name that cannot break out of its header.
#[must_use]
pub fn download(name: &str, media_type: &'static str, body: axum::body::Body) -> Reply {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-_.".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    set(
        &mut response,
        header::CONTENT_DISPOSITION,
        &format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"),
    );
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Reply(response)
}

/// The message for a whole form, above it.
#[must_use]
pub fn complaint(complaints: &Complaints) -> Markup {
    match &complaints.whole {
        Some(text) => ui::alert(ui::Tone::Danger, text, maud::html! {}),
        None => maud::html! {},
    }
}
