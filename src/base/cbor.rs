//! CBOR (RFC 8949): how values are kept and sent, as maps with named fields.
//!
//! minicbor reads at half the cost of what else speaks serde. How deep a text nests bounds nothing here: only types that
//! hold themselves would follow it down, there are none, and what is not known is stepped over without recursion.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A record rarely takes more.
const USUAL_BYTES: usize = 512;

/// These bytes are not such a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bytes are not the value they should be")]
pub struct Garbled;

/// A value that says of itself that it cannot be written: none of ours does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("value cannot be written")]
pub struct Unwritable;

/// Writes one of our own values.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    to_vec_behind(&[], value)
}

/// So, behind a head.
pub fn to_vec_behind<T: Serialize + ?Sized>(head: &[u8], value: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    bytes.extend_from_slice(head);
    write(value, &mut bytes).expect("our own values are maps of plain values, and a Vec takes any bytes");
    bytes
}

/// Writes a value behind what is there.
pub fn write<T: Serialize + ?Sized>(value: &T, behind: &mut Vec<u8>) -> Result<(), Unwritable> {
    value.serialize(&mut minicbor_serde::Serializer::new(behind)).map_err(|_| Unwritable)
}

/// Reads one value that fills `bytes` exactly.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Garbled> {
    let mut reader = minicbor_serde::Deserializer::new(bytes);
    let value = T::deserialize(&mut reader).map_err(|_| Garbled)?;
    if reader.decoder().position() == bytes.len() { Ok(value) } else { Err(Garbled) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Known {
        name: String,
        times: Vec<Option<i64>>,
    }

    fn known() -> Known {
        Known { name: "Ada".into(), times: vec![Some(-1), None, Some(i64::MAX)] }
    }

    #[test]
    fn value_comes_back_and_another_reader_finds_it() {
        let bytes = to_vec(&known());
        assert_eq!(read(&bytes), Ok(known()));
        assert_eq!(ciborium::from_reader::<Known, _>(bytes.as_slice()).expect("a map"), known());
        let mut elsewhere = Vec::new();
        ciborium::into_writer(&known(), &mut elsewhere).expect("a map");
        assert_eq!(bytes, elsewhere);
    }

    #[test]
    fn less_and_more_than_a_value_is_refused() {
        let bytes = to_vec(&known());
        assert_eq!(read::<Known>(&bytes[..bytes.len() - 1]), Err(Garbled));
        assert_eq!(read::<Known>(&[bytes.as_slice(), &[0]].concat()), Err(Garbled));
        assert_eq!(read::<Known>(&[]), Err(Garbled));
        // An array that says it has 2^64 - 1 items.
        assert_eq!(read::<Vec<u64>>(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]), Err(Garbled));
    }

    #[test]
    fn what_is_not_known_is_stepped_over_however_deep_it_nests() {
        for open in [0x81, 0x9f, 0xa1, 0xbf, 0xc1] {
            let deep = vec![open; 1_000_000];
            let with = [b"\xa3\x64name\x63Ada\x65times\x80\x64more".as_slice(), &deep].concat();
            assert_eq!(read::<Known>(&with), Err(Garbled), "{open:x} has no end");
            assert_eq!(read::<Known>(&deep), Err(Garbled));
        }
        let with = [b"\xa3\x64name\x63Ada\x65times\x80\x64more".as_slice(), &vec![0x81; 1_000_000], &[0]].concat();
        assert_eq!(read(&with), Ok(Known { name: "Ada".into(), times: Vec::new() }));
    }
}
