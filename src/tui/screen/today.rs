//! The day: who waits, what is next, what is not answered, not done and not signed.

use super::schedule::called;
use super::{meeting, quoted, status, task, their_time};
use crate::base::Stamp;
use crate::client::agent::{Named, Today, Waiting};
use crate::record::{Appointment, AppointmentStatus, Task};
use crate::tui::model::{Model, Pick};
use crate::tui::widget::{Paper, Row, list, list::Item, moment, text};
use jiff::Zoned;
use ratatui::{layout::Rect, style::Style};

/// A gap shorter than this is a breath, not free time.
const GAP_MINUTES: i64 = 15;

pub(super) fn head(model: &Model, paper: &Paper<'_>) -> Row {
    let day = model.shown_day();
    let days = day.since(model.local_now().date()).map_or(0, |span| span.get_days());
    let title = match days {
        0 => "Today",
        1 => "Tomorrow",
        -1 => "Yesterday",
        _ => "Day",
    };
    Row::new().text(title, paper.theme.strong).gap(2).say(moment::long_day(day))
}

/// Who waits · the day · messages · tasks · notes.
pub(super) fn parts(model: &Model) -> Vec<Vec<Pick>> {
    let waiting = model.room.iter().map(|waiting| Pick::Waiting(waiting.patient)).collect();
    let Some(today) = &model.today else { return vec![waiting] };
    let day = today.appointments.iter().map(|named| Pick::Appointment(named.record.id)).collect();
    let unread = today.unread.iter().map(|named| Pick::Thread(named.record.patient)).collect();
    let tasks = today.tasks.iter().map(|named| Pick::Task(named.record.id)).collect();
    let unsigned = today.unsigned.iter().map(|named| Pick::Note(named.record.id)).collect();
    vec![waiting, day, unread, tasks, unsigned]
}

pub(super) fn draw(model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let Some(today) = &model.today else {
        paper.text(area, 1, " opening…", paper.theme.quiet);
        return;
    };
    let area = names_above(model, area, paper);
    let width = usize::from(area.width);
    let waiting = waiting_items(model, width, paper);
    let day = day_lines(model, today);
    let item = |line: &DayLine<'_>, paper: &Paper<'_>| line.item(model, today, width, paper);
    let chosen = model.cursor();
    if area.width < super::WIDE || area.height < 14 {
        let mut all = waiting;
        if !all.is_empty() {
            all.push(Item::fixed(Row::new()));
        }
        all.extend(day.iter().map(|line| item(line, paper)));
        let (unread, unsigned) = (unread_items(model, today, width, paper), unsigned_items(model, today, width, paper));
        for (title, items) in
            [("Messages", unread), ("Due", task_items(model, today, width, paper)), ("To sign", unsigned)]
        {
            if !items.is_empty() {
                all.extend([Item::fixed(Row::new()), Item::fixed(Row::new().text(title, paper.theme.strong))]);
                all.extend(items);
            }
        }
        return list::draw(&all, chosen.as_ref(), area, paper);
    }
    let banner = u16::try_from(waiting.len()).unwrap_or(u16::MAX).min(area.height / 4);
    let mut top = area;
    if banner > 0 {
        list::draw(&waiting, chosen.as_ref(), Rect { height: banner, ..area }, paper);
        paper.rule(area, banner);
        top = Rect { y: area.y + banner + 1, height: area.height - banner - 1, ..area };
    }
    let below = panels_height(today, area.height);
    let day_height = (top.height - below).min(u16::try_from(day.len()).unwrap_or(u16::MAX).max(1));
    let rows = Rect { height: day_height, ..top };
    let at = day.iter().position(|line| chosen.is_some() && line.pick() == chosen);
    let seen = list::window(day.len(), at, rows);
    let below = day.len() - seen.end;
    let items: Vec<_> = day.iter().skip(seen.start).take(seen.len()).map(|line| item(line, paper)).collect();
    list::draw_window(&items, below, chosen.as_ref(), rows, paper);
    let panels = Rect { y: top.y + day_height + 1, height: (top.height - day_height).saturating_sub(1), ..top };
    draw_panels(model, today, panels, paper);
}

/// The line that says that names from feeds wait, and what is left of the area.
fn names_above(model: &Model, area: Rect, paper: &mut Paper<'_>) -> Rect {
    if model.unmatched.is_empty() || area.height < 4 {
        return area;
    }
    super::schedule::draw_names(model, Rect { height: 1, ..area }, paper);
    Rect { y: area.y + 1, height: area.height - 1, ..area }
}

/// How many rows the lists below the day ask for: at most a third, and none if all are empty.
fn panels_height(today: &Today, height: u16) -> u16 {
    let between = if today.tasks.is_empty() || today.unsigned.is_empty() { 0 } else { 2 };
    let rows = today.unread.len().max(today.tasks.len() + between + today.unsigned.len());
    if rows == 0 { 0 } else { u16::try_from(rows + 3).unwrap_or(u16::MAX).min(height / 3) }
}

fn draw_panels(model: &Model, today: &Today, area: Rect, paper: &mut Paper<'_>) {
    // One list alone begins at the left.
    let half = if today.unread.is_empty() { 0 } else { area.width / 2 };
    let left = Rect { width: half, ..area };
    let right = Rect { x: area.x + left.width, width: area.width - left.width, ..area };
    let chosen = model.cursor();
    let unread = unread_items(model, today, usize::from(left.width).saturating_sub(2), paper);
    let right_width = usize::from(right.width.min(area.width / 2 + 4)) - 1;
    let mut below = unsigned_items(model, today, right_width, paper);
    let mut title = "To sign";
    if !today.tasks.is_empty() {
        let mut tasks = task_items(model, today, right_width, paper);
        if !below.is_empty() {
            tasks.extend([Item::fixed(Row::new()), Item::fixed(Row::new().text(title, paper.theme.strong))]);
        }
        tasks.append(&mut below);
        (title, below) = ("Due", tasks);
    }
    for (title, items, area) in [("Messages", unread, left), (title, below, right)] {
        if items.is_empty() || area.height < 2 {
            continue;
        }
        paper.line(area, 0, &Row::new().gap(2).text(title, paper.theme.strong).line());
        let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
        list::draw(&items, chosen.as_ref(), rows, paper);
    }
}

fn waiting_items(model: &Model, width: usize, paper: &Paper<'_>) -> Vec<Item<Pick>> {
    let chosen = model.cursor();
    let item = |waiting: &Waiting| {
        let pick = Pick::Waiting(waiting.patient);
        let row = waiting_row(model, waiting, width, paper);
        let key = Row::new().text("Enter", paper.theme.key).say(" admit ");
        let admits = chosen == Some(pick) && model.visit.is_none() && row.width() + key.width() + 4 <= width;
        let line = Row::new().gap(2).then(row);
        let line = if admits { line.ends(key, width) } else { line.line() };
        Item { pick: Some(pick), line }
    };
    model.room.iter().map(item).collect()
}

/// How much is said of who waits.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    Everything,
    WithoutWhere,
    WithoutDevices,
}

/// `● Ada Byron is in the waiting room · 3 min · camera ✓ microphone ✓ · verified`, or less where there is less room:
/// whether they are verified is never cut off.
pub(super) fn waiting_row(model: &Model, waiting: &Waiting, width: usize, paper: &Paper<'_>) -> Row {
    let wide = width >= usize::from(super::WIDE);
    let row = |told| told_row(model, waiting, told, width, paper);
    let fits = |row: &Row| wide && row.width() + 2 <= width;
    let longer = [Told::Everything, Told::WithoutWhere].into_iter().map(row).find(fits);
    longer.unwrap_or_else(|| row(Told::WithoutDevices))
}

fn told_row(model: &Model, waiting: &Waiting, told: Told, width: usize, paper: &Paper<'_>) -> Row {
    let theme = paper.theme;
    let most = if told == Told::WithoutDevices { width.saturating_sub(30) } else { 28 };
    let name = text::safe(waiting.name.expose(), most);
    let mut row = Row::new().text("● ", theme.waiting).text(name, theme.waiting);
    if told == Told::Everything {
        row = row.say(" is in the waiting room");
    }
    row = row.dot(moment::span(model.now.since(waiting.since)), Style::new(), theme.quiet);
    if model.is_silent(waiting) {
        return row.dot("the line dropped", theme.bad, theme.quiet);
    }
    if told != Told::WithoutDevices {
        row = row.dot(if waiting.camera { "camera ✓" } else { "camera ✗" }, works(waiting.camera, paper), theme.quiet);
        let microphone = if waiting.microphone { " microphone ✓" } else { " microphone ✗" };
        row = row.text(microphone, works(waiting.microphone, paper));
        if waiting.alone == Some(false) {
            row = row.dot("may be overheard", theme.unverified, theme.quiet);
        }
    }
    if waiting.verified {
        row.dot("verified", theme.good, theme.quiet)
    } else {
        row.dot("not verified", theme.unverified, theme.quiet)
    }
}

fn works(works: bool, paper: &Paper<'_>) -> Style {
    if works { Style::new() } else { paper.theme.bad }
}

/// A line of the day; how it looks is made only of those that are seen.
enum DayLine<'a> {
    /// Nothing.
    Blank,
    /// A word about a day without appointments.
    Nothing(&'static str),
    /// Free time.
    Free(Zoned, Zoned),
    /// Where the day is now.
    Present(Zoned),
    /// An appointment, and whether it begins next.
    Appointment(&'a Named<Appointment>, bool),
}

impl DayLine<'_> {
    fn pick(&self) -> Option<Pick> {
        if let Self::Appointment(named, _) = self { Some(Pick::Appointment(named.record.id)) } else { None }
    }

    fn item(&self, model: &Model, today: &Today, width: usize, paper: &Paper<'_>) -> Item<Pick> {
        let quiet = paper.theme.quiet;
        match self {
            Self::Blank => Item::fixed(Row::new()),
            Self::Nothing(words) => Item::fixed(Row::new().text(text::fit(words, width - 2), quiet)),
            Self::Free(from, to) => gap(from, to, width, quiet),
            Self::Present(now) => present(now, width, paper),
            Self::Appointment(named, next) => appointment_item(model, today, named, *next, width, paper),
        }
    }
}

/// The day's appointments with free time and the present between them.
fn day_lines<'a>(model: &Model, today: &'a Today) -> Vec<DayLine<'a>> {
    let now = model.local_now();
    let is_today = today.date == now.date();
    if today.appointments.is_empty() {
        let nothing = if model.patients.is_empty() {
            "No patients yet. P adds one; 'bedside appointment import' brings a calendar."
        } else {
            "Nothing is booked."
        };
        return vec![DayLine::Blank, DayLine::Nothing(nothing)];
    }
    let next = next(model, today);
    let mut lines = Vec::new();
    // Time is free from here on; what is past is not free any more.
    let mut free_from: Option<Zoned> = None;
    let mut now_shown = !is_today;
    for named in &today.appointments {
        let appointment = &named.record;
        let (start, end) = (model.in_zone(&appointment.start), model.in_zone(&appointment.end));
        let takes_place = takes_place(appointment);
        if !now_shown && now < start {
            now_shown = true;
            lines.push(DayLine::Present(now.clone()));
            free_from = free_from.map(|from| from.max(now.clone()));
        }
        if let Some(from) = free_from.as_ref().filter(|_| takes_place && now_shown)
            && start.duration_since(from).as_mins() >= GAP_MINUTES
        {
            lines.push(DayLine::Free(from.clone(), start.clone()));
        }
        now_shown |= takes_place && now >= start && now < end;
        lines.push(DayLine::Appointment(named, next == Some(&appointment.id)));
        // A cancelled time is free as well, and its line says when it was to begin.
        let busy_until = if takes_place { end } else { start };
        free_from = Some(free_from.map_or(busy_until.clone(), |from| from.max(busy_until)));
    }
    if !now_shown {
        lines.push(DayLine::Present(now));
    }
    lines
}

fn takes_place(appointment: &Appointment) -> bool {
    !matches!(appointment.status, AppointmentStatus::Cancelled | AppointmentStatus::Noshow)
}

/// The appointment that begins next.
fn next<'a>(model: &Model, today: &'a Today) -> Option<&'a crate::base::id::AppointmentId> {
    let now = model.local_now();
    let coming = today.appointments.iter().map(|named| &named.record);
    coming.filter(|appointment| takes_place(appointment) && appointment.start > now).map(|found| &found.id).next()
}

fn gap(from: &Zoned, to: &Zoned, width: usize, quiet: Style) -> Item<Pick> {
    let minutes = to.duration_since(from).as_mins();
    let length = moment::span(std::time::Duration::from_secs(u64::try_from(minutes * 60).unwrap_or(0)));
    let row = Row::new().text(moment::clock(from), quiet);
    Item::fixed(
        row.to(if width < usize::from(super::WIDE) { 7 } else { 15 }).text(format!("── free {length} ──"), quiet),
    )
}

/// Where the day is now.
fn present(now: &Zoned, width: usize, paper: &Paper<'_>) -> Item<Pick> {
    let (accent, quiet) = (paper.theme.accent, paper.theme.quiet);
    let words = Row::new().gap(1).text(format!("›{} now ", moment::clock(now)), accent);
    let line = "─".repeat(width.saturating_sub(words.width() + 1));
    Item { pick: None, line: words.text(line, quiet).line() }
}

fn appointment_item(
    model: &Model,
    today: &Today,
    named: &Named<Appointment>,
    next: bool,
    width: usize,
    paper: &Paper<'_>,
) -> Item<Pick> {
    let appointment = &named.record;
    let theme = paper.theme;
    let (start, end) = (model.in_zone(&appointment.start), model.in_zone(&appointment.end));
    let over = !takes_place(appointment) || appointment.status == AppointmentStatus::Fulfilled;
    let name_style = match (appointment.decided(), over) {
        (false, _) => theme.pending,
        (true, true) => theme.quiet,
        (true, false) => theme.strong,
    };
    let (status, status_style) = status(appointment, paper);
    let remark = remark(model, today, appointment, next, paper);
    let quiet_if_over = if over { theme.quiet } else { Style::new() };
    let row = Row::new();
    let row = if width < usize::from(super::WIDE) {
        let name_width = width.saturating_sub(21);
        let row = row.column(&moment::clock(&start), 7, quiet_if_over);
        row.column(&called(named, name_width), name_width, name_style).gap(1).text(status, status_style)
    } else {
        let name_width = (width.saturating_sub(63)).clamp(17, 26);
        let times = format!("{} ─ {}", moment::clock(&start), moment::clock(&end));
        row.column(&times, 15, quiet_if_over)
            .column(&called(named, name_width), name_width + 2, name_style)
            .column(if appointment.nobodys { "" } else { meeting(appointment.kind) }, 11, quiet_if_over)
            .column(status, 11, status_style)
            .then(remark)
    };
    Item::of(Pick::Appointment(appointment.id), row.cut(width.saturating_sub(2)))
}

/// The one thing to know about an appointment.
fn remark(model: &Model, today: &Today, appointment: &Appointment, next: bool, paper: &Paper<'_>) -> Row {
    let theme = paper.theme;
    let now = model.local_now();
    let mut row = Row::new();
    if takes_place(appointment) && appointment.status != AppointmentStatus::Fulfilled {
        if now >= appointment.start && now < appointment.end {
            row = row.text(format!("{} left", left(&now, &appointment.end)), theme.accent);
        } else if next {
            row = row.text(format!("in {}", left(&now, &appointment.start)), theme.accent);
        }
    }
    if today.unsigned_of.contains(&appointment.id) {
        row = row.dot("✎ note unsigned", theme.pending, theme.quiet);
    }
    if appointment.status == AppointmentStatus::Noshow {
        let followed = today.followed.contains(&appointment.id);
        let (words, style) =
            if followed { ("→ followed up", theme.quiet) } else { ("→ follow up?", theme.pending) };
        row = row.dot(words, style, theme.quiet);
    }
    if !appointment.decided() {
        return row.dot("who is this?", theme.pending, theme.quiet);
    }
    let Some(id) = appointment.patient else { return row };
    if !takes_place(appointment) || appointment.status == AppointmentStatus::Fulfilled || now >= appointment.end {
        return row;
    }
    let zone = model.patient(id).and_then(|patient| patient.zone.as_deref());
    if !today.verified.contains(&id) {
        row = row.dot("not verified", theme.unverified, theme.quiet);
    }
    if let Some(there) = their_time(model, &appointment.start, zone) {
        row = row.dot(there, Style::new(), theme.quiet);
    }
    row
}

fn left(now: &Zoned, to: &Zoned) -> String {
    // A minute that has begun counts.
    let seconds = u64::try_from(to.duration_since(now).as_secs()).unwrap_or(0);
    moment::span(std::time::Duration::from_secs(seconds.div_ceil(60) * 60))
}

fn unread_items(model: &Model, today: &Today, width: usize, paper: &Paper<'_>) -> Vec<Item<Pick>> {
    let item = |named: &Named<crate::record::Message>| {
        let message = &named.record;
        let name_width = (width / 3).min(16);
        let name = named.name.as_ref().map_or_else(String::new, |name| text::safe(name.expose(), name_width));
        let age = age(model, message.at);
        let words = quoted(message, width.saturating_sub(name_width + 11));
        let row = Row::new().column(&name, name_width, paper.theme.strong).gap(2).say(words);
        let line = Row::new().gap(2).then(row).ends(Row::new().text(age, paper.theme.quiet), width);
        Item { pick: Some(Pick::Thread(message.patient)), line }
    };
    today.unread.iter().map(item).collect()
}

fn task_items(model: &Model, today: &Today, width: usize, paper: &Paper<'_>) -> Vec<Item<Pick>> {
    let item = |named: &Named<Task>| {
        let name = named.name.as_ref().map(|name| name.expose().as_str());
        Item { pick: Some(Pick::Task(named.record.id)), line: task(model, &named.record, name, width, paper) }
    };
    let mut items: Vec<_> = today.tasks.iter().map(item).collect();
    let told = today.tasks.iter().filter(|named| named.record.done.is_none()).count() as u64;
    let more = today.tasks_count.saturating_sub(told);
    if more > 0 {
        items.push(Item::fixed(Row::new().text(format!("and {more} more: bedside task list"), paper.theme.pending)));
    }
    items
}

fn unsigned_items(model: &Model, today: &Today, width: usize, paper: &Paper<'_>) -> Vec<Item<Pick>> {
    let item = |named: &Named<crate::record::Note>| {
        let note = &named.record;
        let name_width = (width / 2).min(20);
        let name = named.name.as_ref().map_or_else(String::new, |name| text::safe(name.expose(), name_width));
        let kind = crate::tui::overlay::choice::name(note.kind).0;
        let row =
            Row::new().text("✎ ", paper.theme.pending).column(&name, name_width, paper.theme.strong).gap(2).say(kind);
        let line =
            Row::new().gap(2).then(row).ends(Row::new().text(age(model, note.created), paper.theme.quiet), width);
        Item { pick: Some(Pick::Note(note.id)), line }
    };
    today.unsigned.iter().map(item).collect()
}

fn age(model: &Model, at: Stamp) -> String {
    format!("{} ", moment::span(model.now.since(at)))
}
