//! The call without a window: two native ends, and a native end with Chromium.

mod chromium;
mod native;
pub mod speech;
