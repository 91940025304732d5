package org.dl4jgn.bench.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Successive halving (<a href="https://arxiv.org/abs/1502.07943">Jamieson and Talwalkar 2016</a>): all candidates run with a
 * small budget, the best 1/η of them with η times as much, and so on. Here each family keeps its best candidate to the end,
 * however bad it is beside others, so that each gets its choice.
 *
 * @param eta η, what the number of candidates is divided and the budget multiplied by, from rung to rung
 */
record SuccessiveHalving(int eta) {

    SuccessiveHalving {
        if (eta < 2) {
            throw new IllegalArgumentException("eta of the halving is " + eta + ", but must be at least 2");
        }
    }

    /**
     * One of those to choose from.
     *
     * @param family that it is of
     * @param text what it is
     */
    record Candidate(String family, String text) {}

    /**
     * A candidate and what it is worth.
     *
     * @param value of the measure
     */
    record Scored(Candidate candidate, double value) {}

    /** Tries a candidate. */
    interface Attempt {

        double value(Candidate candidate, Budget budget) throws IOException;
    }

    /** Budgets from rung to rung, the last as it is given; fewer than {@code most} where small ones would be the same. */
    List<Budget> budgets(Budget last, int most) {
        List<Budget> budgets = new ArrayList<>(List.of(last));
        for (int i = 1; i < most; i++) {
            Budget smaller = last.part(Math.pow(eta, -i));
            if (!smaller.equals(budgets.get(0))) {
                budgets.add(0, smaller);
            }
        }
        return budgets;
    }

    /** Tries all candidates with one budget, the best first. */
    static List<Scored> rung(List<Candidate> candidates, Budget budget, Attempt attempt, Comparator<Double> better)
            throws IOException {
        List<Scored> scored = new ArrayList<>();
        for (Candidate candidate : candidates) {
            scored.add(new Scored(candidate, attempt.value(candidate, budget)));
        }
        scored.sort(Comparator.comparing(Scored::value, better));
        return scored;
    }

    /** The best 1/η of some, sorted, and of each family the best. */
    List<Candidate> survivors(List<Scored> sorted) {
        int most = Math.max(1, Math.round((float) sorted.size() / eta));
        Map<String, Candidate> first = best(sorted);
        List<Candidate> survivors = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            Candidate candidate = sorted.get(i).candidate();
            if (i < most || candidate.equals(first.get(candidate.family()))) {
                survivors.add(candidate);
            }
        }
        return survivors;
    }

    /** Of each family the best, of some that are sorted. */
    static Map<String, Candidate> best(List<Scored> sorted) {
        Map<String, Candidate> best = new LinkedHashMap<>();
        sorted.forEach(scored -> best.putIfAbsent(scored.candidate().family(), scored.candidate()));
        return best;
    }
}
