package org.dl4jgn.examples.sine;

import java.util.List;

/**
 * What a contender made of its budget.
 *
 * @param contender who
 * @param curve the test loss on the way
 * @param trainLoss mean loss over all training data at the end
 */
public record Run(Contender contender, Curve curve, double trainLoss) {

    /** The rival whose curve goes lowest. */
    public static Run bestRival(List<Run> runs) {
        return runs.stream()
                .filter(run -> run.contender().rival())
                .min(java.util.Comparator.comparingDouble(run -> run.curve().lowestTestLoss()))
                .orElseThrow();
    }
}
