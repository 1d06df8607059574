"""The figures that the tests of src/compare/statistics compare with, as other programs compute them.

    pip install scipy lifelines statsmodels
    python3 expected.py > expected.txt
"""

from importlib.metadata import version

import numpy as np
from lifelines.statistics import logrank_test
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

print(", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "lifelines", "statsmodels")))

# Survival of mice in days: B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), table 2.1.
TREATED = np.array([94.0, 197, 16, 38, 99, 141, 23])
CONTROL = np.array([52.0, 104, 146, 10, 51, 30, 46, 40, 27])


def difference(baseline, candidate, axis=-1):
    return np.mean(candidate, axis=axis) - np.mean(baseline, axis=axis)


def log_ratio(baseline, candidate, axis=-1):
    return np.log(np.mean(candidate, axis=axis) / np.mean(baseline, axis=axis))


print("\nBCa, independent, mice")
for statistic in (difference, log_ratio):
    for confidence in (0.95, 0.99):
        ends = [
            stats.bootstrap(
                (CONTROL, TREATED), statistic, n_resamples=400_000, batch=50_000, method="BCa",
                confidence_level=confidence, vectorized=True, rng=np.random.default_rng(seed),
            ).confidence_interval
            for seed in range(3)
        ]
        low, high = np.mean(ends, axis=0)
        print(f"{statistic.__name__} {confidence}: {low:.4f} {high:.4f} ± {np.ptp(ends, axis=0).max():.4f}")

# Corn, height of cross- and self-fertilised plants in eighths of an inch: Darwin (1876), as in Fisher, "The Design of
# Experiments" (1935), chapter 3.
CROSSED = np.array([188.0, 96, 168, 176, 153, 172, 177, 163, 146, 173, 186, 168, 177, 184, 96])
SELFED = np.array([139.0, 163, 160, 160, 147, 149, 149, 122, 132, 144, 130, 144, 102, 124, 144])

print("\nBCa, paired, corn")
for confidence in (0.95, 0.99):
    ends = [
        stats.bootstrap(
            (SELFED, CROSSED), difference, n_resamples=400_000, batch=50_000, method="BCa", paired=True,
            confidence_level=confidence, vectorized=True, rng=np.random.default_rng(seed),
        ).confidence_interval
        for seed in range(3)
    ]
    low, high = np.mean(ends, axis=0)
    print(f"difference {confidence}: {low:.4f} {high:.4f} ± {np.ptp(ends, axis=0).max():.4f}")

print("\nlog-rank, Freireich")
SIX_MP = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
test = logrank_test(SIX_MP, PLACEBO, [1] * 9 + [0] * 12, [1] * 21)
print(f"{test.test_statistic:.6f} {test.p_value:.6e}")

print("\nWilson")
for successes, trials in ((0, 10), (4, 20), (15, 148), (10, 10)):
    low, high = proportion_confint(successes, trials, method="wilson")
    print(f"{successes}/{trials}: {low:.6f} {high:.6f}")

print("\nNewcombe, independent, first less second")
for a, m, b, n in ((56, 70, 48, 80), (9, 10, 3, 10), (6, 7, 2, 7), (5, 56, 0, 29), (0, 10, 0, 20), (10, 10, 0, 20)):
    low, high = confint_proportions_2indep(a, m, b, n, method="newcomb", compare="diff")
    print(f"{a}/{m} - {b}/{n}: {low:.6f} {high:.6f}")

print("\nHolm")
print(" ".join(f"{p:.4f}" for p in multipletests([0.01, 0.04, 0.03, 0.005], method="holm")[1]))

print("\nStudent's quantiles at 0.975")
for freedom in (1.5, 2, 4, 9.3, 200):
    print(f"{freedom}: {stats.t.ppf(0.975, freedom):.6f}")
print("\nat 0.9999")
for freedom in (2, 4, 9.3):
    print(f"{freedom}: {stats.t.ppf(0.9999, freedom):.6f}")
