//! The operator's tokens: who may make queues.
//!
//! A token is 32 random bytes as 52 letters and digits (RFC 4648 base32). The file lists one per line, as it is or as
//! `sha256:` and 64 hexadecimal digits; `#` begins a comment. Only hashes are kept in memory.

use super::Error;
use sha2::{Digest, Sha256};
use std::{fmt, path::Path};
use subtle::{Choice, ConstantTimeEq};

/// A token's SHA-256; it counts a practice's queues.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenId([u8; 32]);

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenId(…)")
    }
}

impl TokenId {
    /// Of a token as a person or a program gives it.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.trim().as_bytes()).into())
    }

    /// As it stands in a token file: `sha256:…`.
    pub fn to_line(self) -> String {
        format!("sha256:{}", data_encoding::HEXLOWER.encode(&self.0))
    }
}

/// A fresh token.
pub fn make() -> String {
    let mut text = data_encoding::BASE32_NOPAD.encode(&crate::base::random::bytes::<32>());
    text.make_ascii_lowercase();
    text
}

/// The tokens that are accepted.
#[derive(Clone, Debug, Default)]
pub struct Tokens(Vec<TokenId>);

impl Tokens {
    /// Reads a token file. Fails on a file that cannot be read, or that holds no token or a line that is none.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|error| Error::Read { path: path.into(), error })?;
        Self::parse(&text).map_err(|line| Error::TokenLine { path: path.into(), line })
    }

    /// Reads a token file's text. The error is the number of the line that is wrong; 0: there is no token at all.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut tokens = Vec::new();
        for (number, line) in lines(text) {
            tokens.push(match line.strip_prefix("sha256:") {
                Some(hex) => {
                    let hash = data_encoding::HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).map_err(|_| number)?;
                    TokenId(hash.try_into().map_err(|_| number)?)
                }
                // Shorter ones are passwords that somebody thought up.
                None if line.len() < 32 || line.contains(char::is_whitespace) => return Err(number),
                None => TokenId::of(line),
            });
        }
        if tokens.is_empty() { Err(0) } else { Ok(Self(tokens)) }
    }

    /// The token's hash if it is accepted. Takes as long for a wrong one as for a right one.
    pub fn find(&self, token: &str) -> Option<TokenId> {
        let asked = TokenId::of(token);
        let found = self.0.iter().fold(Choice::from(0), |found, known| found | known.0.ct_eq(&asked.0));
        bool::from(found).then_some(asked)
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// The first token of a token file that stands there as it is.
pub fn first_plain(path: &Path) -> Result<String, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::Read { path: path.into(), error })?;
    let plain = lines(&text).find(|(_, line)| !line.starts_with("sha256:"));
    plain.map(|(_, line)| line.to_owned()).ok_or_else(|| Error::TokenLine { path: path.into(), line: 0 })
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .zip(1..)
        .map(|(line, number)| (number, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_is_accepted_plain_and_hashed_and_no_other() {
        let (plain, hashed) = (make(), make());
        let file = format!("# practice\n{plain}\n\n  {}  \n", TokenId::of(&hashed).to_line());
        let tokens = Tokens::parse(&file).expect("the file is right");
        assert_eq!(tokens.find(&plain), Some(TokenId::of(&plain)));
        assert_eq!(tokens.find(&hashed), Some(TokenId::of(&hashed)));
        assert_eq!(tokens.find(&make()), None);
        assert_eq!(tokens.find(""), None);
    }

    #[test]
    fn token_file_with_a_wrong_line_names_the_line() {
        assert_eq!(Tokens::parse("# only words\n").err(), Some(0));
        assert_eq!(Tokens::parse("# a\nhunter2\n").err(), Some(2));
        assert_eq!(Tokens::parse("sha256:00\n").err(), Some(1));
    }
}
