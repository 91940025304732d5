package org.dl4jgn.optimize;

import org.dl4jgn.conf.Damping;
import org.dl4jgn.optimize.Direction.Proposal;
import org.dl4jgn.optimize.StepOutcome.Outcome;

/**
 * A direction with one damping, and what came of it.
 *
 * @param proposal the direction, where the last damping led
 * @param directionNorm its ‖Δ‖₂
 * @param verdict what came of it
 * @param tried how many dampings were tried, this one included
 * @param evaluations losses evaluated by all their searches
 * @param solving nanoseconds for all their directions
 * @param searching and for all their searches
 */
record Attempt(
        Proposal proposal,
        double directionNorm,
        StepSearch.Verdict verdict,
        int tried,
        int evaluations,
        long solving,
        long searching) {

    boolean isFailure() {
        return verdict.outcome() == Outcome.REJECTED || verdict.outcome() == Outcome.INVALID;
    }

    Damping.State dampingAfter(StepRules rules) {
        return rules.dampingAfter(verdict, proposal.solve().raises());
    }

    /** The next one, with what this one took. */
    Attempt then(Attempt next) {
        return new Attempt(
                next.proposal,
                next.directionNorm,
                next.verdict,
                tried + next.tried,
                evaluations + next.evaluations,
                solving + next.solving,
                searching + next.searching);
    }
}
