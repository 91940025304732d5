package org.dl4jgn.samediff;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * An operation in a graph.
 *
 * @param name of the operation in ND4J, and behind it what is special
 * @param shapes of its inputs, all variables
 * @param low least value of the inputs
 * @param high largest value of the inputs
 * @param write writes it
 */
record TangentCase(String name, long[][] shapes, double low, double high, Writer write) {

    interface Writer {
        SDVariable write(SameDiff sd, SDVariable[] in);
    }

    /** Its name without what is special about this case. */
    String operation() {
        return name.split("[ ,]")[0];
    }

    @Override
    public String toString() {
        return name;
    }
}
