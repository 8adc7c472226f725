//! Threads, and one of them open to read and answer.

use crate::base::id::PatientId;
use crate::client::agent::Named;
use crate::record::{Delivery, Message, Sender};
use crate::tui::model::{Messages, Model, Pick, Thread};
use crate::tui::widget::{Paper, Row, list, list::Item, moment, text};
use ratatui::{layout::Rect, style::Style};

/// Columns of the threads beside an open one.
const THREADS: u16 = 28;
/// Rows of the answer in the making.
const ANSWER: u16 = 5;

/// The newest message of each thread, newest first; the open thread is there even if it is empty.
pub(crate) fn threads(messages: &Messages) -> Vec<ThreadHead<'_>> {
    let mut heads: Vec<ThreadHead<'_>> = Vec::new();
    for named in messages.all.iter().flatten().rev() {
        let unread = usize::from(is_unread(&named.record));
        match heads.iter_mut().find(|head| head.patient == named.record.patient) {
            Some(head) => head.unread += unread,
            None => heads.push(ThreadHead { patient: named.record.patient, newest: Some(named), unread }),
        }
    }
    if let Some(open) = &messages.open
        && !heads.iter().any(|head| head.patient == open.patient)
    {
        heads.insert(0, ThreadHead { patient: open.patient, newest: None, unread: 0 });
    }
    heads
}

/// A thread in the list.
pub(crate) struct ThreadHead<'a> {
    /// Whose.
    pub(crate) patient: PatientId,
    /// Its newest message.
    pub(crate) newest: Option<&'a Named<Message>>,
    /// How many are unread.
    pub(crate) unread: usize,
}

/// Whether the clinician has not read it.
pub(crate) fn is_unread(message: &Message) -> bool {
    message.from == Sender::Patient && message.read.is_none()
}

pub(super) fn draw(messages: &Messages, model: &Model, area: Rect, paper: &mut Paper<'_>) {
    if messages.all.is_none() && messages.open.is_none() {
        paper.text(area, 1, "  opening…", paper.theme.quiet);
        return;
    }
    let Some(thread) = &messages.open else { return draw_threads(messages, model, area, paper) };
    if area.width < super::WIDE {
        return draw_thread(thread, model, area, paper);
    }
    let left = Rect { width: THREADS, ..area };
    let right = Rect { x: area.x + THREADS + 2, width: area.width - THREADS - 2, ..area };
    draw_threads(messages, model, left, paper);
    for y in 0..area.height {
        paper.text(Rect { x: area.x + THREADS, width: 1, ..area }, y, "│", paper.theme.quiet);
    }
    draw_thread(thread, model, right, paper);
}

fn draw_threads(messages: &Messages, model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let threads = threads(messages);
    if threads.is_empty() {
        paper.text(area, 1, "  No messages yet.", paper.theme.quiet);
        return;
    }
    let width = usize::from(area.width);
    let items: Vec<_> = threads.iter().map(|head| thread_item(head, model, width, paper)).collect();
    list::draw(&items, messages.cursor.map(Pick::Thread).as_ref(), area, paper);
}

fn thread_item(head: &ThreadHead<'_>, model: &Model, width: usize, paper: &Paper<'_>) -> Item<Pick> {
    let theme = paper.theme;
    let name = match head.newest.and_then(|newest| newest.name.as_ref()) {
        Some(name) => text::safe(name.expose(), 20),
        None => text::safe(model.name(head.patient), 20),
    };
    let mut row = Row::new().text(if head.unread > 0 { "✉ " } else { "  " }, theme.pending);
    let wide = width > usize::from(THREADS);
    let name_width = if wide { 22 } else { width.saturating_sub(10) };
    row = row.column(&name, name_width, if head.unread > 0 { theme.strong } else { Style::new() });
    if let Some(newest) = head.newest.filter(|_| wide) {
        let own = if newest.record.from == Sender::Clinician { "you: " } else { "" };
        row = row.text(own, theme.quiet).say(super::quoted(&newest.record, width.saturating_sub(40)));
    }
    let age = head.newest.map_or_else(String::new, |newest| moment::span(model.now.since(newest.record.at)));
    let line = Row::new().gap(2).then(row).ends(Row::new().text(age, theme.quiet).gap(1), width);
    Item { pick: Some(Pick::Thread(head.patient)), line }
}

fn draw_thread(thread: &Thread, model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let theme = paper.theme;
    let answer = if thread.writing.is_some() { ANSWER.min(area.height / 2).max(2) } else { 0 };
    let title = Row::new().text(text::safe(model.name(thread.patient), 40), theme.strong);
    let title = match model.patient(thread.patient) {
        Some(patient) if !patient.paired() => title.dot("no device is paired", theme.quiet, theme.quiet),
        Some(patient) if !patient.verified() => title.dot("not verified", theme.unverified, theme.quiet),
        _ => title,
    };
    paper.line(area, 0, &title.cut(usize::from(area.width)).line());
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + answer), ..area };
    match &thread.messages {
        None => paper.text(body, 0, "opening…", theme.quiet),
        Some(messages) if messages.is_empty() => paper.text(body, 1, "No messages yet.", theme.quiet),
        Some(messages) => draw_bubbles(messages, thread, model, body, paper),
    }
    if let Some(field) = &thread.writing {
        let top = area.height - answer;
        paper.rule(area, top);
        let label = format!(" to {} ", text::safe(model.name(thread.patient), 30));
        paper.text(Rect { x: area.x + 2, width: area.width.saturating_sub(2), ..area }, top, &label, theme.accent);
        let input = Rect { y: area.y + top + 1, height: answer - 1, ..area };
        field.draw(input, true, paper);
    }
}

/// The newest messages that fit, from the bottom up: the time spent does not grow with the thread.
fn draw_bubbles(messages: &[Message], thread: &Thread, model: &Model, area: Rect, paper: &mut Paper<'_>) {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let line_width = width.saturating_sub(2).min(72);
    let wanted = height + thread.scroll.wanted();
    let mut lines: Vec<(String, Style)> = Vec::new();
    for message in messages.iter().rev() {
        if lines.len() >= wanted {
            break;
        }
        let mut block = vec![(title_of(message, model), title_style(message, paper))];
        let body = text::safe_lines(message.text.expose(), line_width);
        block.extend(body.into_iter().map(|line| (format!("  {line}"), Style::new())));
        block.push((String::new(), Style::new()));
        lines.extend(block.into_iter().rev());
    }
    // The blank line below the newest is not needed.
    lines.remove(0);
    let from_end = thread.scroll.top(lines.len(), height);
    for (up, (line, style)) in (1..=area.height).zip(lines.iter().skip(from_end)) {
        let shown = lines.len() - from_end;
        // A thread that does not fill the room begins at the top.
        let y = if shown < height { u16::try_from(shown).unwrap_or(0) } else { area.height } - up.min(area.height);
        paper.text(area, y, line, *style);
        if usize::from(up) == shown {
            break;
        }
    }
}

fn title_of(message: &Message, model: &Model) -> String {
    let at = moment::day_and_clock(&model.local(message.at), &model.local_now());
    if message.from == Sender::Patient {
        let new = if is_unread(message) { " · new" } else { "" };
        return format!("{} · {at}{new}", text::safe(model.name(message.patient), 30));
    }
    let delivery = match message.delivery {
        Delivery::Queued => "not sent yet",
        Delivery::Sent => "sent, not received yet",
        Delivery::Received => "received",
    };
    format!("you · {at} · {delivery}")
}

fn title_style(message: &Message, paper: &Paper<'_>) -> Style {
    if is_unread(message) || message.delivery == Delivery::Queued { paper.theme.pending } else { paper.theme.quiet }
}
