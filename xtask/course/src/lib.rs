//! The course as files: which chapters there are, what belongs to each, and how it is built.
//!
//! This crate does not run or judge scenes. It finds the parts of the course ([`Course`], [`Chapter`], [`Scene`],
//! [`Flaw`], [`Ratio`], [`Explored`], [`Selected`]), builds them (folder `build`: [`Artifacts`], [`BrokenCopy`],
//! [`Harness`], [`Refused`]), makes the generated parts of a README (folder `text`: [`blocks`], [`Quotes`]), and keeps
//! results for later checks ([`Cache`]).
//!
//! ```
//! use std::path::Path;
//!
//! use course::Course;
//!
//! let course = Course::around(Path::new(env!("CARGO_MANIFEST_DIR")))?;
//! let selected = course.select(&["fork/who-am-i".to_owned()])?;
//! let scene = &selected[0].scenes[0];
//! assert_eq!(scene.file, course.root.join("lessons/fork/src/who_am_i.rs"));
//! assert_eq!(course.transcript(&scene.transcripts[0])?.exits(), 0);
//! # Ok::<(), course::Error>(())
//! ```

mod build;
mod cache;
mod chapter;
mod course;
mod error;
mod explored;
pub mod files;
mod flaw;
mod ratio;
mod scene;
mod selection;
mod text;

pub use build::artifacts::{Artifacts, Observer};
pub use build::cargo::cargo;
pub use build::copies::{BrokenCopy, prepare, reserve};
pub use build::harness::Harness;
pub use build::refused::{Refused, expected};
pub use cache::{Cache, Span, hash};
pub use chapter::Chapter;
pub use course::Course;
pub use error::{Error, Result};
pub use explored::{Explored, Sizes};
pub use flaw::{Change, Flaw};
pub use ratio::Ratio;
pub use scene::{Scene, scene_of};
pub use selection::Selected;
pub use text::blocks;
pub use text::excerpt::documented;
pub use text::quotes::Quotes;
