//! What a server answers: multistatus (RFC 4918 §13) with the properties that were asked for, read as a stream.

use super::{ANSWER_MAX_BYTES, OBJECTS_MAX, TAG_MAX_BYTES};
use crate::base::Phi;
use quick_xml::NsReader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use quick_xml::name::{Namespace, ResolveResult};

/// Elements within each other, at most.
const DEPTH_MAX: usize = 64;
/// Namespaces one element may declare.
const SPACES_MAX: usize = 32;
/// Elements of one answer.
const ELEMENTS_MAX: usize = 2_000_000;

/// What a server said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// About what it names, in its order.
    pub found: Vec<Found>,
    /// DAV:sync-token of the whole (RFC 6578 §3.4).
    pub token: Option<String>,
    /// It does not know the token it was given (DAV:valid-sync-token, RFC 6578 §3.2).
    pub token_unknown: bool,
}

/// What it said about one resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// As it was written.
    pub href: Phi<String>,
    /// The status of the whole resource, where it has one: 404 is gone, 507 is "more follows".
    pub status: Option<u16>,
    /// DAV:getetag.
    pub etag: Option<String>,
    /// CALDAV:calendar-data.
    pub data: Option<Phi<String>>,
    /// DAV:sync-token.
    pub token: Option<String>,
    /// CS:getctag.
    pub ctag: Option<String>,
    /// DAV:resourcetype has DAV:collection.
    pub collection: bool,
    /// DAV:resourcetype has CALDAV:calendar.
    pub calendar: bool,
    /// DAV:supported-report-set has DAV:sync-collection.
    pub syncs: bool,
}

/// Why an answer cannot be used. Holds nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Longer than [`ANSWER_MAX_BYTES`].
    #[error("the answer is longer than 32 MiB")]
    TooLong,
    /// Not UTF-8, or not well-formed.
    #[error("the answer is not well-formed XML")]
    NotXml,
    /// It has a document type.
    #[error("the answer has a document type, which is never expanded here")]
    Doctype,
    /// Well-formed, but of another kind.
    #[error("the answer is of another kind than CalDAV's")]
    NotMultistatus,
    /// More than [`DEPTH_MAX`] elements within each other.
    #[error("the answer is nested too deeply")]
    TooDeep,
    /// More than [`OBJECTS_MAX`] objects, or far too many elements.
    #[error("the answer names more than 100000 objects")]
    TooMany,
    /// A token or entity tag of more than [`TAG_MAX_BYTES`].
    #[error("the answer has a token longer than 1 KiB")]
    LongTag,
}

/// The elements that are known here; each is of one namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag {
    Multistatus,
    Error,
    ValidSyncToken,
    Response,
    Href,
    Status,
    Propstat,
    Prop,
    Etag,
    Token,
    Ctag,
    Data,
    ResourceType,
    Collection,
    Calendar,
    ReportSet,
    SupportedReport,
    Report,
    SyncCollection,
    Other,
}

impl Tag {
    fn of(space: &ResolveResult<'_>, name: &[u8]) -> Self {
        let ResolveResult::Bound(Namespace(space)) = space else { return Self::Other };
        match (*space, name) {
            (b"DAV:", b"multistatus") => Self::Multistatus,
            (b"DAV:", b"error") => Self::Error,
            (b"DAV:", b"valid-sync-token") => Self::ValidSyncToken,
            (b"DAV:", b"response") => Self::Response,
            (b"DAV:", b"href") => Self::Href,
            (b"DAV:", b"status") => Self::Status,
            (b"DAV:", b"propstat") => Self::Propstat,
            (b"DAV:", b"prop") => Self::Prop,
            (b"DAV:", b"getetag") => Self::Etag,
            (b"DAV:", b"sync-token") => Self::Token,
            (b"DAV:", b"resourcetype") => Self::ResourceType,
            (b"DAV:", b"collection") => Self::Collection,
            (b"DAV:", b"supported-report-set") => Self::ReportSet,
            (b"DAV:", b"supported-report") => Self::SupportedReport,
            (b"DAV:", b"report") => Self::Report,
            (b"DAV:", b"sync-collection") => Self::SyncCollection,
            (b"urn:ietf:params:xml:ns:caldav", b"calendar") => Self::Calendar,
            (b"urn:ietf:params:xml:ns:caldav", b"calendar-data") => Self::Data,
            (b"http://calendarserver.org/ns/", b"getctag") => Self::Ctag,
            _ => Self::Other,
        }
    }

    /// Whether what is written in it counts.
    const fn is_text(self) -> bool {
        use Tag::{Ctag, Data, Etag, Href, Status, Token};
        matches!(self, Href | Status | Etag | Token | Ctag | Data)
    }
}

/// Reads an answer: a multistatus, or the error of a request that was refused (RFC 4918 §14.5).
///
/// # Errors
/// [`AnswerError`] if it is neither, or beyond a limit.
pub fn read(bytes: &[u8]) -> Result<Answer, AnswerError> {
    if bytes.len() > ANSWER_MAX_BYTES {
        return Err(AnswerError::TooLong);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| AnswerError::NotXml)?;
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    reader.resolver_mut().set_max_declarations_per_element(SPACES_MAX);
    let (mut reading, mut elements) = (Reading::default(), 0);
    loop {
        let (space, event) = reader.read_resolved_event().map_err(|_| AnswerError::NotXml)?;
        match event {
            Event::Start(start) => {
                elements += 1;
                if elements > ELEMENTS_MAX {
                    return Err(AnswerError::TooMany);
                }
                reading.begin(Tag::of(&space, start.local_name().as_ref()))?;
            }
            Event::End(_) => reading.end()?,
            Event::Text(part) => reading.add(|| part.xml10_content().ok().map(|part| part.into_owned()))?,
            Event::CData(part) => reading.add(|| part.xml10_content().ok().map(|part| part.into_owned()))?,
            Event::GeneralRef(reference) => reading.add(|| referred(&reference))?,
            Event::DocType(_) => return Err(AnswerError::Doctype),
            Event::Eof => return reading.finish(),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// A character by its number, or one of the five that XML has names for.
fn referred(reference: &BytesRef<'_>) -> Option<String> {
    if let Some(c) = reference.resolve_char_ref().ok()? {
        return Some(c.to_string());
    }
    resolve_predefined_entity(&reference.decode().ok()?).map(str::to_owned)
}

/// How far the reading is.
#[derive(Default)]
struct Reading {
    answer: Answer,
    open: Vec<Tag>,
    /// A root was there.
    begun: bool,
    text: String,
    /// The addresses of the response that is read.
    hrefs: Vec<String>,
    found: Found,
    /// What the propstat that is read says, and the status of it.
    props: Found,
    props_status: Option<u16>,
}

impl Reading {
    fn begin(&mut self, tag: Tag) -> Result<(), AnswerError> {
        if self.open.is_empty() {
            if self.begun || !matches!(tag, Tag::Multistatus | Tag::Error) {
                return Err(AnswerError::NotMultistatus);
            }
            self.begun = true;
        }
        if self.open.len() == DEPTH_MAX {
            return Err(AnswerError::TooDeep);
        }
        match tag {
            Tag::Response => (self.hrefs, self.found) = (Vec::new(), Found::default()),
            Tag::Propstat => (self.props, self.props_status) = (Found::default(), None),
            tag if tag.is_text() => self.text.clear(),
            _ => {}
        }
        self.open.push(tag);
        Ok(())
    }

    fn add(&mut self, part: impl FnOnce() -> Option<String>) -> Result<(), AnswerError> {
        match self.open.last() {
            None => {
                // Between the declaration and the root, and behind it, there is room for blanks only.
                let blank = part().is_some_and(|part| part.trim().is_empty());
                if blank { Ok(()) } else { Err(AnswerError::NotXml) }
            }
            Some(tag) if tag.is_text() => {
                self.text.push_str(&part().ok_or(AnswerError::NotXml)?);
                Ok(())
            }
            Some(_) => Ok(()),
        }
    }

    fn end(&mut self) -> Result<(), AnswerError> {
        use Tag::{
            Calendar, Collection, Ctag, Data, Error, Etag, Href, Multistatus, Prop, Propstat, Report, ReportSet,
            ResourceType, Response, Status, SupportedReport, SyncCollection, Token, ValidSyncToken,
        };
        let path = std::mem::take(&mut self.open);
        match path.as_slice() {
            [Multistatus, Response] => self.end_response()?,
            [Multistatus, Response, Href] => self.hrefs.push(self.text.trim().to_owned()),
            [Multistatus, Response, Status] => self.found.status = Some(status(&self.text)?),
            [Multistatus, Response, Propstat, Status] => self.props_status = Some(status(&self.text)?),
            [Multistatus, Response, Propstat] => self.end_propstat(),
            [Multistatus, Token] => self.answer.token = Some(tag(&self.text)?),
            [Error, ValidSyncToken] => self.answer.token_unknown = true,
            [Multistatus, Response, Propstat, Prop, property @ ..] => match property {
                [Etag] => self.props.etag = Some(tag(&self.text)?),
                [Token] => self.props.token = Some(tag(&self.text)?),
                [Ctag] => self.props.ctag = Some(tag(&self.text)?),
                [Data] => self.props.data = Some(Phi::new(std::mem::take(&mut self.text))),
                [ResourceType, Collection] => self.props.collection = true,
                [ResourceType, Calendar] => self.props.calendar = true,
                [ReportSet, SupportedReport, Report, SyncCollection] => self.props.syncs = true,
                _ => {}
            },
            _ => {}
        }
        self.open = path;
        self.open.pop();
        Ok(())
    }

    /// Properties that the resource has; those with another status it has not.
    fn end_propstat(&mut self) {
        if !self.props_status.is_some_and(|status| (200..300).contains(&status)) {
            return;
        }
        let (found, props) = (&mut self.found, std::mem::take(&mut self.props));
        found.etag = found.etag.take().or(props.etag);
        found.data = found.data.take().or(props.data);
        found.token = found.token.take().or(props.token);
        found.ctag = found.ctag.take().or(props.ctag);
        found.collection |= props.collection;
        found.calendar |= props.calendar;
        found.syncs |= props.syncs;
    }

    /// One response may speak of several resources, if only of their status.
    fn end_response(&mut self) -> Result<(), AnswerError> {
        if self.answer.found.len() + self.hrefs.len() > OBJECTS_MAX {
            return Err(AnswerError::TooMany);
        }
        let mut found = std::mem::take(&mut self.found);
        for href in self.hrefs.drain(..) {
            let next = Found { status: found.status, ..Found::default() };
            self.answer.found.push(Found { href: Phi::new(href), ..std::mem::replace(&mut found, next) });
        }
        Ok(())
    }

    fn finish(self) -> Result<Answer, AnswerError> {
        if self.begun && self.open.is_empty() { Ok(self.answer) } else { Err(AnswerError::NotXml) }
    }
}

/// `HTTP/1.1 404 Not Found` (RFC 4918 §14.28).
fn status(text: &str) -> Result<u16, AnswerError> {
    text.split_ascii_whitespace().nth(1).and_then(|code| code.parse().ok()).ok_or(AnswerError::NotMultistatus)
}

/// A token or an entity tag. A header is made of it later, so it has no line breaks.
fn tag(text: &str) -> Result<String, AnswerError> {
    let text = text.trim();
    if text.len() > TAG_MAX_BYTES {
        return Err(AnswerError::LongTag);
    }
    if text.contains(char::is_control) { Err(AnswerError::NotMultistatus) } else { Ok(text.to_owned()) }
}
