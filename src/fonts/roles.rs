//! Which face stands for which of the standard's: by the families that are known, or those that the configuration
//! names.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use super::scan::{FaceEntry, plain};

/// Where fonts are looked for besides the system's own folders, and which are taken before all others.
#[derive(Debug, Clone, Default)]
pub struct FontConfig {
    /// Files, and folders with all that is below them.
    pub paths: Vec<PathBuf>,
    /// Family name or file for the text, such as 仿宋_GB2312.
    pub serif: Option<String>,
    /// Family name or file for headings of the first level and strong text, such as 黑体.
    pub sans: Option<String>,
    /// Family name or file for titles and the name of the organ, such as 方正小标宋简体.
    pub title: Option<String>,
}

/// What a face is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// 正文: 仿宋.
    Body,
    /// 标题 and 发文机关标志: 小标宋.
    Title,
    /// 一级标题 and strong text: 黑体.
    Sans,
    /// 二级标题: 楷体.
    Kai,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Body, Self::Title, Self::Sans, Self::Kai];

    /// Families that can stand for it, the best first.
    fn families(self) -> impl Iterator<Item = &'static str> {
        let families = match self {
            Self::Body => BODY,
            Self::Title => TITLE,
            Self::Sans => SANS,
            Self::Kai => KAI,
        };
        families.split(", ")
    }

    /// The weight in which it is wanted of a family that has several.
    fn weight(self) -> u16 {
        match self {
            Self::Body | Self::Kai => REGULAR,
            Self::Sans => 500,
            Self::Title => 700,
        }
    }
}

const REGULAR: u16 = 400;
/// The families of the standard, as each maker calls them, then free ones, then those of systems.
const BODY: &str = "FangSong_GB2312, 仿宋_GB2312, FangSong, 仿宋, FZFangSong-Z02S, FZFangSong-Z02, FZFS-Z02, 方正仿宋简体, \
    方正仿宋_GBK, FZFangSong, STFangsong, 华文仿宋, HYFangSong, Noto Serif CJK SC, Source Han Serif SC, \
    Source Han Serif CN, 思源宋体, 思源宋体 CN, Noto Serif SC, SimSun, 宋体, NSimSun, STSong, 华文宋体, Songti SC, \
    AR PL UMing CN, AR PL SungtiL GB";
const TITLE: &str = "FZXiaoBiaoSong-B05S, FZXiaoBiaoSong-B05, FZXBSJW, 方正小标宋简体, 方正小标宋_GBK, FZXiaoBiaoSong, \
    Noto Serif CJK SC, Source Han Serif SC, Source Han Serif CN, 思源宋体, 思源宋体 CN, Noto Serif SC, STZhongsong, 华文中宋";
const SANS: &str = "SimHei, 黑体, FZHei-B01S, FZHei-B01, 方正黑体简体, 方正黑体_GBK, STHeiti, 华文黑体, Noto Sans CJK SC, \
    Source Han Sans SC, Source Han Sans CN, 思源黑体, 思源黑体 CN, Noto Sans SC, Microsoft YaHei, 微软雅黑, PingFang SC, \
    Heiti SC, WenQuanYi Zen Hei, WenQuanYi Micro Hei, Droid Sans Fallback";
const KAI: &str = "KaiTi_GB2312, 楷体_GB2312, KaiTi, 楷体, FZKai-Z03S, FZKai-Z03, 方正楷体简体, 方正楷体_GBK, STKaiti, 华文楷体, \
    Kaiti SC, AR PL UKai CN, LXGW WenKai, 霞鹜文楷";

/// Why a font cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    #[error("no font with Chinese characters is installed or configured")]
    None,
    #[error("the font file {} cannot be read", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the font file {} (face {index}) is broken", path.display())]
    Broken { path: PathBuf, index: u32 },
    #[error("the licence of the font {} forbids to embed it", path.display())]
    Restricted { path: PathBuf },
    #[error("no font is called {name}")]
    Unknown { name: String },
}

/// A face in the weight in which it is drawn; the weight matters in variable fonts only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct FaceKey {
    pub entry: usize,
    pub weight: u16,
}

/// Chooses among the faces that were found.
pub(super) struct Search<'a> {
    pub entries: &'a [FaceEntry],
    /// So many of them, the first, come from the configuration.
    pub configured: usize,
    pub problems: Vec<FontError>,
}

impl Search<'_> {
    /// The face of each role.
    pub fn roles(&mut self, config: &FontConfig) -> HashMap<Role, FaceKey> {
        let mut roles = HashMap::new();
        for role in Role::ALL {
            let wish = match role {
                Role::Body => config.serif.as_deref(),
                Role::Title => config.title.as_deref(),
                Role::Sans => config.sans.as_deref(),
                Role::Kai => None,
            };
            let wished = wish.and_then(|name| {
                let found = self.wished(name, role.weight());
                if found.is_none() {
                    self.problems.push(FontError::Unknown { name: name.to_owned() });
                }
                found
            });
            // A configured folder is there to be used, even if a better family is installed.
            let found = wished
                .or_else(|| self.known(role, self.configured))
                .or_else(|| self.known(role, self.entries.len()))
                .or_else(|| (role == Role::Body).then(|| self.any_chinese()).flatten());
            if let Some(entry) = found {
                let weight = role.weight();
                roles.insert(role, FaceKey { entry, weight });
            }
        }
        roles
    }

    /// The face of the first family of a role that is there.
    fn known(&self, role: Role, among: usize) -> Option<usize> {
        role.families().find_map(|name| self.named(name, role.weight(), among))
    }

    /// What the configuration names: a file, in which the simplified Chinese face is taken, or a family.
    fn wished(&self, name: &str, weight: u16) -> Option<usize> {
        let in_file = self.nearest(weight, self.entries.len(), |entry| {
            entry.path == Path::new(name) && is_mainland(entry)
        });
        let in_file = in_file.or_else(|| self.entries.iter().position(|entry| entry.path == Path::new(name)));
        in_file.or_else(|| self.named(name, weight, self.entries.len()))
    }

    fn named(&self, name: &str, weight: u16, among: usize) -> Option<usize> {
        let wanted = plain(name);
        self.nearest(weight, among, |entry| entry.names.contains(&wanted))
    }

    /// A face that says it is Chinese, if no known family is installed.
    fn any_chinese(&self) -> Option<usize> {
        self.nearest(REGULAR, self.entries.len(), |entry| {
            entry.simplified && is_mainland(entry)
        })
    }

    fn nearest(&self, weight: u16, among: usize, fits: impl Fn(&FaceEntry) -> bool) -> Option<usize> {
        let distance = |entry: &FaceEntry| {
            if entry.variable {
                0
            } else {
                entry.weight.abs_diff(weight)
            }
        };
        let fitting = self.entries.iter().enumerate().take(among);
        let fitting = fitting.filter(|(_, entry)| !entry.italic && fits(entry));
        fitting.min_by_key(|(_, entry)| distance(entry)).map(|(at, _)| at)
    }

    /// What is asked for a character that the face of a role lacks: one face of each family, in its regular weight,
    /// since a bold one shows in the midst of a name.
    pub fn fallback(&self, roles: &HashMap<Role, FaceKey>) -> Vec<FaceKey> {
        let families = Role::Body.families().chain(Role::Sans.families());
        let mut order: Vec<usize> = roles.get(&Role::Body).map(|key| key.entry).into_iter().collect();
        order.extend(families.filter_map(|name| self.named(name, REGULAR, self.entries.len())));
        let mut others: Vec<usize> = Vec::new();
        for (at, entry) in self.entries.iter().enumerate() {
            if !entry.italic && self.named(&entry.family, REGULAR, self.entries.len()) == Some(at) {
                others.push(at);
            }
        }
        // Chinese faces before those of other writings, mainland cuts before the others.
        let is_other = |at: &usize| {
            self.entries
                .get(*at)
                .map(|entry| (!entry.simplified, !is_mainland(entry)))
        };
        others.sort_by_key(is_other);
        order.extend(others);
        let mut seen = HashSet::new();
        order.retain(|at| seen.insert(*at));
        let key = |entry| FaceKey { entry, weight: REGULAR };
        order.into_iter().map(key).collect()
    }
}

/// Whether a face is not the Japanese, Korean or traditional Chinese cut of a pan-Chinese family.
fn is_mainland(entry: &FaceEntry) -> bool {
    let other = |name: &str| {
        ["jp", "kr", "tc", "hk", "tw"]
            .iter()
            .any(|cut| name.ends_with(cut) || name.contains(&format!("cjk{cut}")))
    };
    !entry.names.iter().any(|name| other(name))
}
