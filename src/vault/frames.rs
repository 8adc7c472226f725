//! Reading single items of the journal, wherever the index says they stand.
//!
//! Items that follow one another are read in one go: a window of the file and the last frame that
//! was opened are kept until [`Frames::rest`]. What does not open where it should is `Lost`: either
//! the index is wrong or the journal is damaged, and reading the journal whole tells which.

use std::collections::HashMap;
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::entry;
use super::frame::{self, HEADER_BYTES, MAX_PAYLOAD_BYTES};
use super::index::Version;
use super::journal::Location;
use super::key::TAG_BYTES;
use super::keychain::FrameSealer;
use super::scan::segment_name;
use super::store::Lost;

/// How much is read at once; more for a frame that is longer.
const WINDOW_BYTES: usize = 32 << 10;
/// An opened frame up to this size is kept for the next question, too.
const KEPT_BYTES: usize = 64 << 10;

/// The journal, open for reading here and there.
pub(super) struct Frames {
    folder: PathBuf,
    journal: [u8; 16],
    sealer: FrameSealer,
    segments: HashMap<u32, File>,
    window: Window,
    opened: Option<Opened>,
}

/// A part of a segment, as it was when it was read.
#[derive(Default)]
struct Window {
    segment: u32,
    start: u64,
    bytes: Vec<u8>,
}

struct Opened {
    location: Location,
    sequence: u64,
    payload: Zeroizing<Vec<u8>>,
    items: Vec<Range<usize>>,
}

impl Frames {
    pub(super) fn new(folder: &Path, journal: [u8; 16], sealer: FrameSealer) -> Frames {
        let (segments, window) = (HashMap::new(), Window::default());
        Frames { folder: folder.to_owned(), journal, sealer, segments, window, opened: None }
    }

    /// The bytes of one item, as they stand in its frame.
    pub(super) fn item(&mut self, version: &Version) -> Result<&[u8], Lost> {
        let here = |opened: &Opened| opened.location == version.location && opened.sequence == version.sequence;
        if !self.opened.as_ref().is_some_and(here) {
            self.opened = Some(self.open(version)?);
        }
        let opened = self.opened.as_ref().ok_or(Lost)?;
        opened.items.get(version.position as usize).map(|item| &opened.payload[item.clone()]).ok_or(Lost)
    }

    /// Nobody asks for now: what takes much memory is let go.
    pub(super) fn rest(&mut self) {
        self.window = Window::default();
        self.opened.take_if(|opened| opened.payload.len() > KEPT_BYTES);
    }

    fn open(&mut self, version: &Version) -> Result<Opened, Lost> {
        let location = version.location;
        let whole = match self.frame_at(location) {
            Some(whole) => whole,
            // The window is older than the frame, or ends within it.
            None => {
                self.look(location, WINDOW_BYTES)?;
                let missing = frame::announced(&self.window.bytes).ok_or(Lost)?;
                if missing > self.window.bytes.len() {
                    self.look(location, missing)?;
                }
                self.frame_at(location).ok_or(Lost)?
            }
        };
        let bytes = &self.window.bytes[whole];
        let header = frame::parse(bytes).filter(|header| header.sequence == version.sequence).ok_or(Lost)?;
        let payload = frame::open(&self.sealer, &self.journal, &bytes[..header.frame_bytes()]).ok_or(Lost)?;
        let items = entry::split(&payload).ok_or(Lost)?;
        Ok(Opened { location, sequence: version.sequence, payload, items })
    }

    /// Where in the window a whole frame stands.
    fn frame_at(&self, location: Location) -> Option<Range<usize>> {
        if self.window.segment != location.segment {
            return None;
        }
        let start = usize::try_from(location.offset.checked_sub(self.window.start)?).ok()?;
        let header = frame::parse(self.window.bytes.get(start..)?)?;
        Some(start..start + header.frame_bytes())
    }

    /// Puts the window on a place.
    fn look(&mut self, location: Location, bytes: usize) -> Result<(), Lost> {
        let file = match self.segments.entry(location.segment) {
            std::collections::hash_map::Entry::Occupied(open) => open.into_mut(),
            std::collections::hash_map::Entry::Vacant(closed) => {
                let path = self.folder.join(segment_name(location.segment));
                closed.insert(File::open(path).map_err(|_| Lost)?)
            }
        };
        let mut buffer = std::mem::take(&mut self.window.bytes);
        buffer.resize(bytes.min(HEADER_BYTES + MAX_PAYLOAD_BYTES + TAG_BYTES), 0);
        let mut filled = 0;
        while filled < buffer.len() {
            match file.read_at(&mut buffer[filled..], location.offset + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Err(Lost),
            }
        }
        buffer.truncate(filled);
        self.window = Window { segment: location.segment, start: location.offset, bytes: buffer };
        Ok(())
    }
}
