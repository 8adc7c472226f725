//! Cells that a spreadsheet would take for formulas: made texts by an apostrophe before them, and what they were again.
//!
//! Where the table is cut at other marks than the commas it was written with, or by lines, each piece is a cell.

/// What cells end with, in one country or another.
const MARKS: [char; 6] = [';', ',', '\t', '|', '\n', '\r'];
/// What formulas begin with.
const FORMULAS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// The text, with an apostrophe before all that would be a formula.
pub fn guard(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len() + 8);
    if begins(cell) {
        out.push('\'');
    }
    for (n, piece) in cell.split_inclusive(MARKS).enumerate() {
        if n > 0 && is_formula(piece) {
            out.push('\'');
        }
        out.push_str(piece);
    }
    out
}

/// The text that was guarded.
pub(super) fn bare(cell: &str) -> String {
    let pieces = cell.split_inclusive(MARKS).enumerate();
    let inner =
        pieces.map(|(n, piece)| piece.strip_prefix('\'').filter(|_| n > 0 && is_formula(piece)).unwrap_or(piece));
    let text: String = inner.collect();
    text.strip_prefix('\'').filter(|rest| begins(rest)).map(str::to_owned).unwrap_or(text)
}

/// Whether a whole cell needs one.
fn begins(cell: &str) -> bool {
    is_formula(cell) || cell.trim_start_matches('\'').starts_with(['\t', '\r'])
}

/// Spaces and quotation marks before it make it no other; the apostrophe counts as one of them, so that one that was
/// there is told from one that was added.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'').starts_with(FORMULAS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_guarded_wherever_a_spreadsheet_may_cut() {
        for (cell, guarded) in [
            ("y;=cmd|' /C calc'!A0", "y;'=cmd|' /C calc'!A0"),
            ("a,@x", "a,'@x"),
            ("a\t+1", "a\t'+1"),
            ("a|-1", "a|'-1"),
            ("a\n =1", "a\n' =1"),
            ("a;\"=1", "a;'\"=1"),
            ("\n=1", "'\n'=1"),
            ("'=1", "''=1"),
            ("5-3=2; a-b", "5-3=2; a-b"),
            ("O'Brien; 'x", "O'Brien; 'x"),
        ] {
            assert_eq!(guard(cell), guarded);
        }
    }

    proptest! {
        #[test]
        fn what_is_guarded_is_what_it_was(cell in "[a=+@＝;,|'\" \t\n\r-]{0,12}|\\PC{0,20}") {
            let guarded = guard(&cell);
            prop_assert_eq!(bare(&guarded), cell);
            prop_assert!(guarded.split(MARKS).all(|piece| piece.starts_with('\'') || !is_formula(piece)), "{}", guarded);
        }
    }
}
