//! How runs are compared.

/// What counts as no change, when nobody says how much.
pub const NOISE: f64 = 0.05;

/// How runs are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// A change within this counts as none: a share of the baseline's value, and of a proportion as many points.
    pub noise: f64,
    /// Compare even what does not measure the same.
    pub force: bool,
    /// The labels or the policy's fields of which the effect is asked.
    pub by: Vec<String>,
    /// From this seed comes every resample.
    pub seed: u64,
    /// How many resamples a bootstrap draws at least; more where many questions ask for finer tails.
    pub resamples: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { noise: NOISE, force: false, by: Vec::new(), seed: 1, resamples: 10_000 }
    }
}
