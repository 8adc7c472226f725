//! What is asked of a server: bodies of PROPFIND (RFC 4918 §9.1) and REPORT (RFC 3253 §3.6), as text.

use super::Href;
use quick_xml::escape::escape;

/// The media type of every body here.
pub const XML: &str = "application/xml; charset=utf-8";
/// The media type of an object.
pub const CALENDAR: &str = "text/calendar; charset=utf-8";

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
const SPACES: &str =
    "xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:S=\"http://calendarserver.org/ns/\"";

/// PROPFIND: what a collection is and can do.
pub fn collection() -> String {
    format!(
        "{HEAD}<D:propfind {SPACES}><D:prop><D:resourcetype/><D:supported-report-set/>\
         <D:sync-token/><S:getctag/></D:prop></D:propfind>\n"
    )
}

/// PROPFIND: the entity tags of what it names; with depth 1, of all objects of a calendar.
pub fn tags() -> String {
    format!("{HEAD}<D:propfind {SPACES}><D:prop><D:resourcetype/><D:getetag/></D:prop></D:propfind>\n")
}

/// REPORT sync-collection (RFC 6578 §3.2): what changed since the token; without one, everything.
pub fn changes(token: Option<&str>) -> String {
    let token = escape(token.unwrap_or_default());
    format!(
        "{HEAD}<D:sync-collection {SPACES}><D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>\
         <D:prop><D:getetag/></D:prop></D:sync-collection>\n"
    )
}

/// REPORT calendar-multiget (RFC 4791 §7.9): these objects.
pub fn objects(hrefs: &[Href]) -> String {
    let mut body = format!("{HEAD}<C:calendar-multiget {SPACES}><D:prop><D:getetag/><C:calendar-data/></D:prop>");
    for href in hrefs {
        body.push_str("<D:href>");
        body.push_str(&escape(href.as_str()));
        body.push_str("</D:href>");
    }
    body + "</C:calendar-multiget>\n"
}
