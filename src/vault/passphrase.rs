//! What a new passphrase must be, by NIST SP 800-63B-4 §3.1.1.2. Pure; the caller says who owns the vault.
//!
//! At least 15 characters where it is the only factor, 8 beside a second one; counted as Unicode code points, spaces
//! included. No rule asks for digits or signs, and nothing ever makes it expire. Refused is what a guesser tries first:
//! one of the commonest passwords, a phrase everybody knows, a name that stands on the door, a run or a repetition,
//! and any two of these together.
//!
//! A passphrase is brought to Unicode's Normalization Form C first, as RFC 8265 §4.2 (OpaqueString) has it: the same
//! letters make the same key whatever keyboard they come from, and what nearly every keyboard sends is in that form
//! already, so that stock `age` opens the slot with what was typed. (NFKC, which the publication names, would replace
//! letters that `age` leaves alone.)

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Bytes a passphrase has at most.
pub const PASSPHRASE_MAX_BYTES: usize = 4096;

/// What stands beside the passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Nothing: it alone opens the vault.
    Nothing,
    /// A second factor, without which it opens nothing.
    SecondFactor,
}

impl Beside {
    /// Characters a passphrase has at least.
    pub const fn least(self) -> usize {
        match self {
            Beside::Nothing => 15,
            Beside::SecondFactor => 8,
        }
    }
}

/// Why a new passphrase is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer characters than it needs.
    Short {
        /// How many it needs.
        least: usize,
    },
    /// More bytes than are taken.
    Long,
    /// The same few characters again and again.
    Repeated,
    /// Nothing but one or two things that are tried first.
    Common,
}

impl std::fmt::Display for Weakness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Weakness::Short { least } => write!(f, "has fewer than {least} characters"),
            Weakness::Long => write!(f, "has more than {PASSPHRASE_MAX_BYTES} bytes"),
            Weakness::Repeated => f.write_str("is the same few characters again and again"),
            Weakness::Common => {
                f.write_str("is made of what guessers try first: common passwords, rows of keys, names")
            }
        }
    }
}

/// Whether two passphrases make the same key.
pub fn is_same(one: &str, other: &str) -> bool {
    normalize(one) == normalize(other)
}

/// The form in which a passphrase makes a key.
pub(super) fn normalize(passphrase: &str) -> Zeroizing<String> {
    // Room for the longest decomposition, so that no copy is left behind by growing.
    let mut normal = Zeroizing::new(String::with_capacity(passphrase.len() * 3));
    normal.extend(passphrase.nfc());
    normal
}

/// Refuses a new passphrase that could be guessed. `names` are those that stand on the door: the clinician's, the
/// practice's.
pub fn check(passphrase: &str, beside: Beside, names: &[&str]) -> Result<(), Weakness> {
    let normal = normalize(passphrase);
    let least = beside.least();
    if normal.chars().count() < least {
        return Err(Weakness::Short { least });
    }
    if normal.len() > PASSPHRASE_MAX_BYTES {
        return Err(Weakness::Long);
    }
    let folded = fold(&normal);
    let unit = unit(&folded);
    if unit.len() < SHORT_UNIT {
        return Err(Weakness::Repeated);
    }
    let guess = Guess::knowing(names);
    if guess.is_made_of(unit, PIECES) { Err(Weakness::Common) } else { Ok(()) }
}

/// A repetition of fewer characters than this is no more than its unit.
const SHORT_UNIT: usize = 5;
/// As many well-known pieces are no passphrase, with any number of names between them.
const PIECES: usize = 2;
/// Characters of the longest thing that two pieces can make; what is longer holds something else.
const MADE_MAX: usize = 80;

const COMMONEST: &str = include_str!("passphrase/commonest.txt");

/// The commonest passwords and what everybody knows.
static WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| COMMONEST.lines().filter(|line| !line.starts_with("# ")).chain(KNOWN).collect());

/// Phrases everybody knows, and words that stand on every door.
const KNOWN: [&str; 34] = [
    "allyourbasearebelongtous",
    "areyoufeelinglucky",
    "bedside",
    "beammeupscotty",
    "clinic",
    "correcthorsebatterystaple",
    "doctor",
    "forgetmenot",
    "hakunamatata",
    "iamthewalrus",
    "iloveyousomuch",
    "inthebeginningwastheword",
    "itwasadarkandstormynight",
    "letmein",
    "login",
    "loremipsumdolorsitamet",
    "maytheforcebewithyou",
    "mypassphrase",
    "mypassword",
    "opensesame",
    "ourfatherwhoartinheaven",
    "passphrase",
    "password",
    "patient",
    "practice",
    "secret",
    "somewhereovertherainbow",
    "supercalifragilisticexpialidocious",
    "thequickbrownfoxjumpsoverthelazydog",
    "therapy",
    "thisismypassword",
    "tobeornottobe",
    "tobeornottobethatisthequestion",
    "vault",
];

/// Rows of keys and of letters; any part of one, either way, is one piece.
const ROWS: [&str; 9] = [
    "0123456789012345678901234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "`1234567890-=",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
];

/// Characters of the shortest part of a row that is one piece.
const ROW_PART: usize = 3;
/// Digits that stand for a year or a number somebody added.
const DIGITS: usize = 4;

/// Case, spaces and the signs that stand between words do not make a guess harder.
fn fold(passphrase: &str) -> Vec<char> {
    let between = |c: &char| !c.is_whitespace() && !matches!(c, '.' | '-' | '_' | ',' | '!' | '?');
    passphrase.chars().filter(between).flat_map(char::to_lowercase).collect()
}

/// The shortest beginning that, repeated, makes the whole; its last repetition may be cut short.
fn unit(whole: &[char]) -> &[char] {
    let period = (1..whole.len()).find(|period| whole[*period..] == whole[..whole.len() - period]);
    &whole[..period.unwrap_or(whole.len())]
}

/// What a guesser tries first.
struct Guess {
    names: HashSet<Vec<char>>,
    rows: Vec<String>,
}

impl Guess {
    fn knowing(names: &[&str]) -> Guess {
        let parts = names.iter().flat_map(|name| name.split_whitespace());
        let names = parts.map(|part| fold(&normalize(part))).filter(|part| part.len() > 1).collect();
        let rows = ROWS.iter().flat_map(|row| [(*row).to_owned(), row.chars().rev().collect()]).collect();
        Guess { names, rows }
    }

    /// Whether nothing but so many pieces make the whole.
    fn is_made_of(&self, whole: &[char], pieces: usize) -> bool {
        if whole.is_empty() {
            return true;
        }
        whole.len() <= MADE_MAX
            && (1..=whole.len()).any(|end| {
                let (part, rest) = whole.split_at(end);
                self.names.contains(part) && self.is_made_of(rest, pieces)
                    || pieces > 0 && self.is_piece(part) && self.is_made_of(rest, pieces - 1)
            })
    }

    fn is_piece(&self, part: &[char]) -> bool {
        let digits = part.len() <= DIGITS && part.iter().all(char::is_ascii_digit);
        if digits || unit(part).len() == 1 {
            return true;
        }
        let text = Zeroizing::new(part.iter().collect::<String>());
        let of_a_row = || part.len() >= ROW_PART && self.rows.iter().any(|row| row.contains(text.as_str()));
        WORDS.contains(text.as_str()) || of_a_row()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn alone(passphrase: &str) -> Result<(), Weakness> {
        check(passphrase, Beside::Nothing, &["Dr. Amara Okafor"])
    }

    #[test]
    fn fifteen_characters_alone_or_eight_beside_a_second_factor_are_enough() {
        assert_eq!(alone("heron at dusk!"), Err(Weakness::Short { least: 15 }));
        assert_eq!(alone("heron at dusk 7"), Ok(()));
        assert_eq!(check("heron 7", Beside::SecondFactor, &[]), Err(Weakness::Short { least: 8 }));
        assert_eq!(check("heron 7x", Beside::SecondFactor, &[]), Ok(()));
    }

    #[test]
    fn characters_are_counted_not_bytes_and_not_what_they_are_put_together_from() {
        assert_eq!(alone("Reiher über Föö"), Ok(()), "fifteen characters, eighteen bytes");
        assert_eq!(alone("u\u{308}u\u{308}a\u{308} heron 12"), Err(Weakness::Short { least: 15 }));
        assert_eq!(alone("дождь над рекой"), Ok(()));
        assert_eq!(alone(&"𝄞🦉🌧️ 夜の鷺".repeat(3)), Ok(()));
    }

    #[test]
    fn no_composition_is_asked_for() {
        for fine in
            ["lantern orbit velvet cricket", "onlylowercaselettersinhere", "NUR GROSSE BUCHSTABEN", "5829 1047 3361 90"]
        {
            assert_eq!(alone(fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn up_to_4096_bytes_are_taken() {
        let long: String = ('!'..='~').cycle().zip(0..4096).map(|(c, n)| if n % 97 == 0 { 'ü' } else { c }).collect();
        let taken: String = long.chars().take(4000).collect();
        assert_eq!(alone(&taken), Ok(()));
        assert_eq!(alone(&long), Err(Weakness::Long));
    }

    #[test]
    fn what_guessers_try_first_is_refused() {
        for common in [
            "passwordpassword",
            "Password 12345678",
            "password!!!!!!!!!!!!",
            "qwertyuiopasdfghjkl",
            "1234567890qwertyuiop",
            "poiuytrewqlkjhgfdsa",
            "correct horse battery staple",
            "The quick brown fox jumps over the lazy dog.",
            "sunshine butterfly",
            "Dr. Amara Okafor",
            "okafor okafor 2026",
            "Bedside-Password",
            "iloveyou iloveyou iloveyou",
            "1q2w3e4r5t6y7u8i9o0p",
            "abcdefghijklmnopqrstuvwxyz",
            "trustno1 trustno1",
        ] {
            assert!(alone(common).is_err(), "{common}");
        }
        for common in ["12345678", "iloveyou", "P a s s w o r d 1", "okafor2026", "qwertz12", "trustno1"] {
            assert!(check(common, Beside::SecondFactor, &["Okafor"]).is_err(), "{common}");
        }
    }

    #[test]
    fn repetition_counts_once() {
        for again in ["aaaaaaaaaaaaaaaaaaaa", "abababababababababab", "ha ha ha ha ha ha ha ha", &"x7".repeat(2000)] {
            assert_eq!(alone(again), Err(Weakness::Repeated), "{again}");
        }
    }

    #[test]
    fn name_that_is_not_on_the_door_is_a_word_like_any_other() {
        assert_eq!(check("amara okafor 2026", Beside::Nothing, &[]), Ok(()));
        assert_eq!(check("amara okafor 2026", Beside::Nothing, &["Okafor, Amara"]), Err(Weakness::Common));
    }

    #[test]
    fn the_same_letters_make_the_same_key() {
        assert_eq!(normalize("Cafe\u{301}"), normalize("Café"));
        assert_eq!(normalize("ﬁne ²").as_str(), "ﬁne ²", "as stock age takes it");
    }

    #[test]
    fn list_is_folded_and_sorted() {
        let words: Vec<&str> = COMMONEST.lines().filter(|line| !line.starts_with("# ")).collect();
        assert!(words.len() > 20_000, "{}", words.len());
        assert!(words.is_sorted());
        assert!(words.iter().all(|word| word.chars().all(|c| c.is_ascii_graphic() && !c.is_ascii_uppercase())));
    }

    proptest! {
        #[test]
        fn any_text_is_checked_without_panic(text: String, names: [String; 2]) {
            let names = names.each_ref().map(String::as_str);
            let _ = check(&text, Beside::Nothing, &names);
            let _ = check(&text, Beside::SecondFactor, &names);
        }
    }
}
