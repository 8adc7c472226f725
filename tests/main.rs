//! Every test that needs the real programs, in one binary.
#![expect(missing_docs, reason = "tests are sentences")]
