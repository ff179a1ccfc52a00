//! What made a report: enough to make it again, and nothing else (no clock, no path, no threads).

use crate::Plan;
use crate::folder::Files;
use crate::source::{REFERENCE, Source, sha256};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name and version of the manifest's form.
pub(crate) const SCHEMA: &str = "ssi-study/manifest/1";

/// What made a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Name and version of this form.
    pub schema: String,
    /// Version of the toolkit.
    pub version: String,
    /// The kind of machine: floating-point libraries differ in last digits between them.
    pub target: String,
    /// The data.
    pub input: ManifestInput,
    /// The plan, as TOML.
    pub plan: String,
    /// The seed, which also stands in the plan.
    pub seed: u64,
    /// SHA-256 of each other file of the report.
    pub files: BTreeMap<String, String>,
}

/// The data a report was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestInput {
    /// File name without its folder.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// True where it was the embedded reference cohort.
    pub embedded: bool,
    /// True where identifiers were replaced by a key. Which key changes nothing in the report.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pseudonymised: bool,
}

impl Manifest {
    /// The manifest of a report with these files.
    pub(crate) fn new(source: &Source, plan: &Plan, files: &Files) -> Self {
        let digest = source.sha256();
        Self {
            schema: SCHEMA.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            target: target(),
            input: ManifestInput {
                name: source.name.clone(),
                embedded: source.bytes == REFERENCE,
                pseudonymised: source.key.is_some(),
                sha256: digest,
            },
            plan: plan.to_toml(),
            seed: plan.seed,
            files: files.iter().map(|(name, bytes)| (name.clone(), sha256(bytes))).collect(),
        }
    }

    /// The manifest as it is stored.
    #[expect(clippy::expect_used, reason = "a manifest holds only strings, numbers and maps")]
    pub(crate) fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("a manifest is always writable");
        bytes.push(b'\n');
        bytes
    }
}

/// Processor, operating system and C library family, such as `x86_64-linux-gnu`.
pub(crate) fn target() -> String {
    let libc = if cfg!(target_env = "musl") {
        "-musl"
    } else if cfg!(target_env = "gnu") {
        "-gnu"
    } else if cfg!(target_env = "msvc") {
        "-msvc"
    } else {
        ""
    };
    format!("{}-{}{libc}", std::env::consts::ARCH, std::env::consts::OS)
}
