//! What servers say, and what they had better not.

use super::answer::read;
use super::*;
use crate::base::Stamp;
use crate::base::id::{AppointmentId, FeedId, RemoteId};
use crate::feed::Reading;
use crate::record::{AppointmentStatus, Pushed, RemoteObject};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use std::collections::HashMap;

/// 2026-11-26.
const NOW: Stamp = Stamp(1_795_651_200_000);

const RADICALE: &str = r#"<?xml version='1.0' encoding='utf-8'?>
<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><sync-token>http://radicale.org/ns/sync/4a</sync-token>
<response><href>/ada/calendar/one%40x.ics</href><propstat><prop><getetag>"e1"</getetag></prop>
<status>HTTP/1.1 200 OK</status></propstat></response>
<response><href>/ada/calendar/two.ics</href><status>HTTP/1.1 404 Not Found</status></response></multistatus>"#;

#[test]
fn changes_and_what_is_gone_are_read_with_the_token() {
    let answer = read(RADICALE.as_bytes()).expect("an answer");
    assert_eq!(answer.token.as_deref(), Some("http://radicale.org/ns/sync/4a"));
    let [one, two] = answer.found.as_slice() else { panic!("two resources") };
    assert_eq!((one.href.expose().as_str(), one.etag.as_deref()), ("/ada/calendar/one%40x.ics", Some("\"e1\"")));
    assert_eq!((one.status, two.status), (None, Some(404)));
}

#[test]
fn what_a_collection_is_can_be_read_whatever_its_prefixes_are() {
    let text = r#"<d:multistatus xmlns:d="DAV:"><d:response><d:href>/dav/</d:href><d:propstat><d:prop>
        <d:resourcetype><d:collection/><x:calendar xmlns:x="urn:ietf:params:xml:ns:caldav"/></d:resourcetype>
        <d:getetag>Zo&#235; &amp; <![CDATA[<Ada>]]></d:getetag>
        <getctag xmlns="http://calendarserver.org/ns/">7</getctag>
        <d:supported-report-set><d:supported-report><d:report><d:sync-collection/></d:report></d:supported-report>
        </d:supported-report-set></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>
        <d:propstat><d:prop><d:sync-token>no</d:sync-token></d:prop><d:status>HTTP/1.1 404 Not Found</d:status>
        </d:propstat></d:response></d:multistatus>"#;
    let found = read(text.as_bytes()).expect("an answer").found.remove(0);
    assert!(found.collection && found.calendar && found.syncs);
    assert_eq!(found.etag.as_deref(), Some("Zoë & <Ada>"));
    assert_eq!((found.ctag.as_deref(), found.token), (Some("7"), None));
}

#[test]
fn names_of_another_namespace_are_not_ours() {
    let text = r#"<multistatus xmlns="DAV:" xmlns:x="urn:x"><x:response><href>/a</href></x:response>
        <response><x:href>/a</x:href><href>/b</href><x:status>HTTP/1.1 404 No</x:status></response></multistatus>"#;
    let answer = read(text.as_bytes()).expect("an answer");
    assert_eq!(answer.found.len(), 1);
    assert_eq!((answer.found[0].href.expose().as_str(), answer.found[0].status), ("/b", None));
    assert_eq!(read(b"<multistatus xmlns='urn:x'/>"), Err(AnswerError::NotMultistatus));
}

#[test]
fn token_that_is_not_known_is_told_from_other_errors() {
    let read = |text: &str| read(text.as_bytes()).expect("an error").token_unknown;
    assert!(read("<error xmlns='DAV:'><valid-sync-token /></error>"));
    assert!(!read("<error xmlns='DAV:'><need-privileges/></error>"));
}

#[test]
fn answers_beyond_a_limit_are_refused_with_the_limit() {
    let deep = format!("<multistatus xmlns='DAV:'>{}", "<a>".repeat(1_000_000));
    assert_eq!(read(deep.as_bytes()), Err(AnswerError::TooDeep));
    let many = format!("<multistatus xmlns='DAV:'>{}</multistatus>", "<a/>".repeat(3_000_000));
    assert_eq!(read(many.as_bytes()), Err(AnswerError::TooMany));
    let objects =
        format!("<multistatus xmlns='DAV:'>{}</multistatus>", "<response><href>/</href></response>".repeat(100_001));
    assert_eq!(read(objects.as_bytes()), Err(AnswerError::TooMany));
    let laughs = r#"<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><multistatus xmlns="DAV:">&b;</multistatus>"#;
    assert_eq!(read(laughs.as_bytes()), Err(AnswerError::Doctype));
    let spaces: String = (0..100_000).map(|n| format!(" xmlns:n{n}='u'")).collect();
    assert_eq!(read(format!("<multistatus xmlns='DAV:'{spaces}/>").as_bytes()), Err(AnswerError::NotXml));
    let token = format!("<multistatus xmlns='DAV:'><sync-token>{}</sync-token></multistatus>", "t".repeat(2_000));
    assert_eq!(read(token.as_bytes()), Err(AnswerError::LongTag));
    let header = "<multistatus xmlns='DAV:'><sync-token>a&#13;&#10;X: y</sync-token></multistatus>";
    assert_eq!(read(header.as_bytes()), Err(AnswerError::NotMultistatus));
}

#[test]
fn answers_cut_off_or_of_another_kind_are_refused() {
    for text in [
        "",
        "<",
        "hello",
        "<html><body>Log in</body></html>",
        "<multistatus xmlns='DAV:'><response>",
        "<multistatus xmlns='DAV:'/>more",
        "<multistatus xmlns='DAV:'/><multistatus xmlns='DAV:'/>",
        "\u{0}",
        "<a></b>",
    ] {
        assert!(read(text.as_bytes()).is_err(), "{text}");
    }
    assert_eq!(read(b"<multistatus xmlns='DAV:'>\xff</multistatus>"), Err(AnswerError::NotXml));
}

proptest! {
    #[test]
    fn hostile_bytes_are_an_answer_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&bytes);
    }

    /// Pieces of real answers in any order come further than noise does.
    #[test]
    fn hostile_pieces_are_an_answer_or_an_error(pieces in proptest::collection::vec(prop::sample::select(vec![
        "<multistatus xmlns='DAV:'>", "</multistatus>", "<response>", "</response>", "<href>", "</href>", "<propstat>",
        "</propstat>", "<prop>", "</prop>", "<status>", "</status>", "HTTP/1.1 200 OK", "HTTP/1.1", "999999", "<getetag/>",
        "<sync-token>", "</sync-token>", "&#0;", "&#x41;", "&lt;", "&x;", "&", "<![CDATA[", "]]>", "<!--", "-->", "<?", "?>",
        "<!DOCTYPE a>", " ", "<a:b xmlns:a=''>", "</a:b>", "xmlns:a='", "'", "\u{feff}", "/a/b.ics", "<", ">",
    ]), 0..60)) {
        let _ = read(format!("<multistatus xmlns='DAV:'>{}", pieces.concat()).as_bytes());
        let _ = read(pieces.concat().as_bytes());
    }

    #[test]
    fn any_address_has_one_spelling(text in "(https?://)?[a-zA-Z0-9.:@\\[\\]%/?# é-]{0,40}") {
        if let Ok(address) = Address::parse(&text) {
            let again = Address::parse(address.to_url().expose()).expect("its own spelling");
            prop_assert_eq!(&again, &address);
            let resolved = address.resolve(address.to_url().expose());
            prop_assert_eq!(resolved.as_ref(), Some(address.path()));
        }
    }
}

#[test]
fn password_goes_over_tls_or_stays_on_this_machine() {
    for good in
        ["https://dav.example/ada/calendar", "http://127.0.0.1:5232/a/", "http://[::1]:5232/", "http://localhost/"]
    {
        assert!(Address::parse(good).is_ok(), "{good}");
    }
    assert_eq!(Address::parse("http://dav.example/a/"), Err(AddressError::NotSecure));
    assert_eq!(Address::parse("http://127.0.0.1.example/a/"), Err(AddressError::NotSecure));
    assert_eq!(Address::parse("https://ada:secret@dav.example/"), Err(AddressError::HoldsSecret));
    for bad in [
        "",
        "dav.example",
        "ftp://dav.example/",
        "https://",
        "https:///a",
        "https://a b/",
        "https://a/?x",
        "https://a/../b",
        "https://a:b/",
    ] {
        assert_eq!(Address::parse(bad), Err(AddressError::NotAnAddress), "{bad}");
    }
}

#[test]
fn addresses_are_compared_in_one_spelling_and_on_one_server() {
    let calendar = Address::parse("HTTPS://Dav.Example:443/ada/my%20calendar").expect("an address");
    assert_eq!(calendar.to_url().expose(), "https://dav.example/ada/my%20calendar/");
    let one = calendar.resolve("/ada/my calendar/o%6ee@x.ics").expect("on this server");
    assert_eq!(one.as_str(), "/ada/my%20calendar/one@x.ics");
    assert_eq!(calendar.resolve("https://dav.example/ada/my%20calendar/one%40x.ics"), Some(one.clone()));
    assert_eq!(one.name().expose(), "one@x.ics");
    assert_eq!(calendar.object("a b/c.ics").as_str(), "/ada/my%20calendar/a%20b%2Fc.ics");
    for other in [
        "https://evil.example/a",
        "//evil.example/a",
        "http://dav.example/a",
        "https://dav.example:8443/a",
        "/a/../../etc",
        "a",
        "",
    ] {
        assert_eq!(calendar.resolve(other), None, "{other}");
    }
}

#[test]
fn names_in_other_letters_and_of_a_server_behind_a_proxy_are_told() {
    let calendar = Address::parse("https://dav.example/ada/my%20calendar").expect("an address");
    let old = calendar.listed("/ada/my%20calendar/M%fcller.ics").expect("in the calendar");
    assert_eq!(old.as_str(), "/ada/my%20calendar/M%FCller.ics");
    assert!(ask::objects(std::slice::from_ref(&old)).contains("M%FCller.ics"));
    let one = calendar.listed("http://10.0.0.7:5232/ada/my calendar/one.ics").expect("in the calendar");
    assert_eq!(calendar.url_of(&one).expose(), "https://dav.example/ada/my%20calendar/one.ics");
    assert_eq!(calendar.listed("https://dav.example/elsewhere/one.ics"), calendar.resolve("/elsewhere/one.ics"));
    for other in [
        "http://10.0.0.7/ada/other/one.ics",
        "http://10.0.0.7/ada/my%20calendar/../../x.ics",
        "http://10.0.0.7",
        "one.ics",
        "/ada/my%20calendar/%FC%0a.ics",
    ] {
        assert_eq!(calendar.listed(other), None, "{other}");
    }
    // Where a redirect leads is another matter: a password goes there.
    assert_eq!(calendar.resolve("http://10.0.0.7/ada/my%20calendar/one.ics"), None);
}

#[test]
fn what_is_asked_holds_what_it_is_given_as_text() {
    assert!(ask::changes(Some("a<&\"b")).contains("<D:sync-token>a&lt;&amp;&quot;b</D:sync-token>"));
    let calendar = Address::parse("https://dav.example/a&b/").expect("an address");
    let body = ask::objects(&[calendar.object("<x>.ics")]);
    assert!(body.contains("<D:href>/a&amp;b/%3Cx%3E.ics</D:href>"), "{body}");
    for body in [ask::collection(), ask::tags(), ask::changes(None), body] {
        // They are read by the same rules: well-formed, and of another kind than an answer.
        assert_eq!(read(body.as_bytes()), Err(AnswerError::NotMultistatus));
    }
}

struct Seen {
    feed: FeedId,
    calendar: Address,
    known: HashMap<RemoteId, RemoteObject>,
}

impl Seen {
    fn nothing() -> Self {
        let calendar = Address::parse("https://dav.example/ada/").expect("an address");
        Self { feed: FeedId::random(), calendar, known: HashMap::new() }
    }

    fn with(mut self, name: &str, etag: &str, uids: &[&str], own: bool) -> Self {
        let id = key(self.feed, self.calendar.object(name).as_str());
        let own =
            own.then(|| Pushed { appointment: AppointmentId::random(), version: key(self.feed, ""), conflict: false });
        let uids = uids.iter().map(|uid| key(self.feed, uid)).collect();
        self.known.insert(id, RemoteObject { id, feed: self.feed, etag: etag.to_owned(), uids, own });
        self
    }

    fn compare(&self, whole: bool, there: &[(&str, &str)], gone: &[&str]) -> Compared {
        let there = there.iter().map(|(name, etag)| (self.calendar.object(name), Some((*etag).to_owned()))).collect();
        let gone = gone.iter().map(|name| self.calendar.object(name)).collect();
        compare(self.feed, &self.known, Listing { whole, there, gone })
    }

    fn object(&self, name: &str) -> Option<&RemoteObject> {
        self.known.get(&key(self.feed, self.calendar.object(name).as_str()))
    }

    fn names(compared: &Compared) -> Vec<String> {
        compared.fetch.iter().map(|href| href.name().into_inner()).collect()
    }
}

fn seen() -> Seen {
    Seen::nothing().with("a.ics", "1", &["a"], false).with("b.ics", "1", &["b"], false).with("ours.ics", "1", &[], true)
}

#[test]
fn only_what_changed_is_fetched_and_ours_never() {
    let seen = seen();
    let compared = seen.compare(true, &[("a.ics", "1"), ("b.ics", "2"), ("c.ics", "1"), ("ours.ics", "1")], &[]);
    assert_eq!(Seen::names(&compared), ["b.ics", "c.ics"]);
    assert!(compared.gone.is_empty() && compared.conflicts.is_empty());
    let compared = seen.compare(false, &[("ours.ics", "2")], &["a.ics", "never.ics"]);
    assert!(compared.fetch.is_empty());
    assert_eq!(compared.gone, [seen.object("a.ics").unwrap().clone()]);
    assert_eq!(compared.conflicts, [seen.object("ours.ics").unwrap().clone()]);
}

#[test]
fn what_a_whole_listing_does_not_name_is_gone() {
    let seen = seen();
    let compared = seen.compare(true, &[("a.ics", "1")], &[]);
    assert_eq!(compared.gone, [seen.object("b.ics").unwrap().clone()]);
    assert_eq!(compared.conflicts, [seen.object("ours.ics").unwrap().clone()]);
    let compared = seen.compare(false, &[("a.ics", "1")], &[]);
    assert_eq!(compared, Compared::default());
}

fn event(uid: &str, start: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:Ada\r\nDTSTART:{start}\r\n\
         DURATION:PT50M\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

fn gather(seen: &Seen, compared: &Compared, objects: &[(&str, String)]) -> Gathered {
    let reading = Reading::new(TimeZone::UTC, NOW);
    let mut gathering = Gathering::of(seen.feed, compared);
    for (name, data) in objects {
        gathering.take(&seen.calendar.object(name), "2", data, seen.object(name), &reading).expect("not too many");
    }
    gathering.finish(&seen.known)
}

#[test]
fn object_that_changed_settles_the_uids_it_had_and_has() {
    let seen = seen();
    let compared = seen.compare(false, &[("a.ics", "2")], &["b.ics"]);
    let gathered = gather(&seen, &compared, &[("a.ics", event("new", "20261201T090000Z"))]);
    assert_eq!(gathered.entries.len(), 1);
    assert_eq!(gathered.entries[0].status, AppointmentStatus::Booked);
    let mut wanted: Vec<_> = ["a", "b", "new"].iter().map(|uid| key(seen.feed, uid)).collect();
    wanted.sort();
    assert_eq!(gathered.settled, wanted);
    assert_eq!(gathered.drop, [seen.object("b.ics").unwrap().id]);
    assert_eq!((gathered.keep[0].etag.as_str(), &gathered.keep[0].uids), ("2", &vec![key(seen.feed, "new")]));
}

#[test]
fn broken_object_is_told_and_not_remembered() {
    let seen = seen();
    let compared = seen.compare(false, &[("a.ics", "2"), ("c.ics", "1")], &[]);
    let objects = [("a.ics", event("a", "2026-12-01 at nine")), ("c.ics", "not a calendar".to_owned())];
    let gathered = gather(&seen, &compared, &objects);
    assert_eq!(gathered.broken(), 2);
    assert!(gathered.keep.is_empty() && gathered.settled.is_empty() && gathered.entries.is_empty());
    assert_eq!(gathered.left[0].0.expose(), "a.ics");
}

#[test]
fn uid_that_another_object_has_too_is_not_settled() {
    let seen = seen().with("twin.ics", "1", &["b"], false);
    let compared = seen.compare(false, &[], &["b.ics"]);
    assert!(gather(&seen, &compared, &[]).settled.is_empty());
    // Moved to another name, it is settled by the one that has it now.
    let seen = Seen::nothing().with("b.ics", "1", &["b"], false);
    let compared = seen.compare(false, &[("moved.ics", "1")], &["b.ics"]);
    let gathered = gather(&seen, &compared, &[("moved.ics", event("b", "20261201T090000Z"))]);
    assert_eq!((gathered.settled.len(), gathered.entries.len()), (1, 1));
}
