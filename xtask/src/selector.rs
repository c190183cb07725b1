//! What a command is about: `CHAPTER` or `CHAPTER/SCENE`.

use crate::answer::{Error, Result, unknown};
use crate::scene::Scene;
use crate::workspace::{Chapter, Workspace};

/// A chapter and those of its scenes that were asked for.
#[derive(Debug)]
pub(crate) struct Selected<'a> {
    pub(crate) chapter: &'a Chapter,
    pub(crate) scenes: Vec<Scene>,
    /// Whether the whole chapter was asked for, with all that is not a scene.
    pub(crate) whole: bool,
}

impl Workspace {
    /// What `selectors` name, in reading order and each scene once; everything if there are none.
    pub(crate) fn select(&self, selectors: &[String]) -> Result<Vec<Selected<'_>>> {
        for selector in selectors {
            match selector.split_once('/') {
                Some(_) => _ = self.scene(selector)?,
                None => _ = self.chapter(selector)?,
            }
        }
        let mut selected = Vec::new();
        for chapter in &self.chapters {
            let whole = selectors.is_empty() || selectors.contains(&chapter.name);
            let named =
                |scene: &Scene| selectors.contains(&format!("{}/{}", chapter.name, scene.name));
            let asked_for = |selector: &String| selector.split('/').next() == Some(&chapter.name);
            if whole || selectors.iter().any(asked_for) {
                let mut scenes = chapter.scenes()?;
                scenes.retain(|scene| whole || named(scene));
                selected.push(Selected { chapter, scenes, whole });
            }
        }
        Ok(selected)
    }

    pub(crate) fn chapter(&self, name: &str) -> Result<&Chapter> {
        self.chapters.iter().find(|chapter| chapter.name == name).ok_or_else(|| {
            unknown("chapter", name, self.chapters.iter().map(|chapter| chapter.name.as_str()))
        })
    }

    /// The one scene that `CHAPTER/SCENE` names.
    pub(crate) fn scene(&self, selector: &str) -> Result<(&Chapter, Scene)> {
        let (chapter, scene) = match selector.split_once('/') {
            Some((chapter, scene)) => (self.chapter(chapter)?, scene),
            None => (self.chapter(selector)?, ""),
        };
        if scene.is_empty() {
            let names: Vec<String> =
                chapter.scenes()?.into_iter().map(|scene| scene.name).collect();
            return Err(Error::Question(format!(
                "`{selector}` names no scene: write {}/SCENE with one of {}",
                chapter.name,
                names.join(", ")
            )));
        }
        Ok((chapter, chapter.scene(scene)?))
    }
}

impl Chapter {
    pub(crate) fn scene(&self, name: &str) -> Result<Scene> {
        let mut scenes = self.scenes()?;
        match scenes.iter().position(|scene| scene.name == name) {
            Some(index) => Ok(scenes.swap_remove(index)),
            None => {
                let kind = format!("scene of {}", self.name);
                Err(unknown(&kind, name, scenes.iter().map(|scene| scene.name.as_str())))
            }
        }
    }
}
