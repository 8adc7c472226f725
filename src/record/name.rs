//! When two names are one.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// For comparing what other systems wrote: composed letters, lower case, single spaces.
pub fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        if word.is_ascii() {
            let begin = plain.len();
            plain.push_str(word);
            plain[begin..].make_ascii_lowercase();
        } else {
            plain.extend(word.nfc().flat_map(char::to_lowercase));
        }
    }
    plain
}

/// For finding what a person types: [`plain`], and without accents. Who types `jose` or `zoe` means José and Zoë.
pub fn bare(name: &str) -> String {
    let plain = plain(name);
    if plain.is_ascii() { plain } else { plain.nfkd().filter(|letter| !is_combining_mark(*letter)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_letters() {
        assert_eq!(plain("  JOSE\u{301}  Nun\u{303}ez "), "josé nuñez");
        assert_eq!(plain("Ada  Byron"), "ada byron");
        assert_ne!(plain("Andre"), plain("André"));
        assert_eq!(bare("Zoë Müller-Núñez"), "zoe muller-nunez");
        assert_eq!(bare("李 小龍"), "李 小龍");
    }
}
