package org.dl4jgn.plan;

/** What is done with some rows at a time, in Java's arrays of float64: the rows of a matrix one behind the other, or a number for each. */
@FunctionalInterface
public interface RowFunction {

    /**
     * Does it.
     *
     * @param rows how many
     * @param in what is read
     * @param out what is to be written
     */
    void run(int rows, double[][] in, double[][] out);
}
