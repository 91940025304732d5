package org.dl4jgn.optimize;

import java.util.Collections;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.GaussNewtonUpdater;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Pace;
import org.dl4jgn.optimize.Direction.Proposal;
import org.dl4jgn.optimize.StepOutcome.Outcome;
import org.dl4jgn.problem.PartCurvature;
import org.dl4jgn.problem.Point;
import org.dl4jgn.problem.Problem;

/** What settings and state say about one step: where its curvature is from, its damping, how far it goes, what it promises. */
record StepRules(GaussNewtonUpdater settings, TrainingState state) {

    /** The factor of the damping where H is of a part of the examples. */
    private static final double PART = 3;

    /** How long steps are found, that a pace allows where there is no noise. */
    private static final LineSearch LONG_STEPS = LineSearch.armijo();

    /** Tells the pace of the learning rate, where that is its first guess. */
    void guess(double learningRate) {
        Pace pace = settings.pace();
        if (pace != null && settings.rateIsFirstGuess()) {
            state.setPace(pace.guessed(state.pace(pace), learningRate));
        }
    }

    /** Into how many parts the examples are divided, of which one gives H; 1 for all. */
    int parts(Problem problem) {
        return settings.curvatureParts(problem.examples(), problem.outputs(), problem.dimension());
    }

    /** Which part: one after the other. */
    int part(int parts) {
        return (int) (state.steps() % parts);
    }

    /** ρ at a point; with a pace, more where the curvature is of a part, whose own noise is fitted else. */
    double damping(Point point) {
        double least = point.leastValue();
        double excess = Double.isFinite(least) ? point.value() - least : Double.POSITIVE_INFINITY;
        double damping = settings.damping().value(state.damping(), state.steps(), excess, point.lossCurvature());
        Pace pace = settings.pace();
        if (pace == null || !settings.damping().isPaced()) {
            return damping;
        }
        double rule = point instanceof PartCurvature ? PART * damping : damping;
        return pace.damping(state.pace(pace), rule);
    }

    /** By the search; or the length that the pace allows, where nothing has to be known of the loss there. */
    StepSearch.Verdict decide(Line line, Point point, Proposal proposal, double directionNorm, double learningRate) {
        Pace pace = settings.pace();
        if (pace == null) {
            return new StepSearch(settings.lineSearch(), line, point)
                    .decide(proposal, directionNorm, learningRate, state.search());
        }
        Pace.State now = state.pace(pace);
        double norm = state.normOfTrained(line.base());
        double longest = pace.longest(now, norm, directionNorm);
        double factor = settings.rateIsFirstGuess() ? 1 : learningRate;
        // a large factor leads no further than the model's minimum: where the model promises nothing, nothing is learnt
        double length = Math.min(factor * longest, Math.max(longest, proposal.lengthOfUndampedMinimum(directionNorm)));
        boolean isLong = pace.isLong(now);
        LineSearch rule = isLong ? LONG_STEPS : settings.lineSearch();
        StepSearch search = new StepSearch(rule, line, point);
        return settings.damping().isPaced() && !isLong
                ? search.follow(proposal, directionNorm, length, norm)
                : search.decide(
                        proposal,
                        directionNorm,
                        length,
                        Collections.nCopies(rule.slots().size(), 0.0));
    }

    /** What the model promises for the step; a pace compares the loss, in which there is no damping. */
    double promised(Proposal proposal, double step, double directionNorm) {
        return -(settings.pace() == null ? proposal.model(step) : proposal.undampedModel(step, directionNorm));
    }

    /**
     * The damping's state after a step.
     *
     * @param raises how often the damping was raised within it
     */
    Damping.State dampingAfter(StepSearch.Verdict verdict, int raises) {
        Damping rule = settings.damping();
        Damping.State before = state.damping();
        if (verdict.outcome() == Outcome.CONVERGED) {
            // too short for want of less damping: the model held, and to leave the damping as it is would be for good
            return verdict.isTooShort() ? rule.accepted(before, 1) : before;
        }
        Damping.State raised = before;
        for (int i = 0; i < raises; i++) {
            raised = rule.invalid(raised);
        }
        return verdict.outcome() == Outcome.ACCEPTED
                ? rule.accepted(raised, verdict.ratio())
                : verdict.outcome() == Outcome.REJECTED ? rule.rejected(raised, verdict.ratio()) : rule.invalid(raised);
    }
}
