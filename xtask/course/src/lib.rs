//! The course as files: which chapters there are, what belongs to each, and how it is built.
//!
//! Nothing here runs a scene or judges one. It is found ([`Course`], [`Chapter`], [`Scene`], [`Flaw`], [`Selected`]),
//! built ([`Artifacts`], [`BrokenCopy`]), asked of the compiler ([`Refused`]), and written down ([`blocks`], [`Quotes`],
//! [`Known`]).

mod artifacts;
pub mod blocks;
mod cargo;
mod chapter;
mod copies;
mod course;
mod error;
pub mod files;
mod flaw;
mod known;
mod quotes;
mod refused;
mod scene;
mod selection;
mod source;
mod table;

pub use artifacts::{Artifacts, Waiting};
pub use cargo::cargo;
pub use chapter::Chapter;
pub use copies::{BrokenCopy, prepare, reserve};
pub use course::Course;
pub use error::{Error, Result};
pub use flaw::{Change, Flaw};
pub use known::{Known, Span, hash};
pub use quotes::Quotes;
pub use refused::{Refused, expected};
pub use scene::{Scene, scene_of};
pub use selection::Selected;
pub use source::documented;
