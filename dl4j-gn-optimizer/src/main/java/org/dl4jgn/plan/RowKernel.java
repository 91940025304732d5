package org.dl4jgn.plan;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A {@link RowFunction} as an {@link ExampleKernel}, of as many rows at a time as stay in the processor's cache. */
final class RowKernel {

    /** Elements of an array that are worked on at a time. */
    private static final long PIECE = 2048;

    private RowKernel() {}

    /** The instruction, on dense arrays of one type with as many rows. */
    static Instruction of(String name, List<INDArray> in, List<INDArray> out, RowFunction function) {
        INDArray first = in.get(0);
        long rows = first.size(0);
        long pieces = pieces(rows, first.length() / rows);
        int count = Math.toIntExact(rows / pieces);
        ExampleKernel.Body body = first.dataType() == DataType.DOUBLE
                ? (read, written) -> function.run(count, doubles(read), doubles(written))
                : (read, written) -> {
                    double[][] to = room(written);
                    function.run(count, widened(read), to);
                    round(to, written);
                };
        return new ExampleKernel(name, pieces, in, out, body);
    }

    /** A number of equal pieces of rows, none of them large; one for each row only where their number is a prime. */
    static long pieces(long rows, long columns) {
        long pieces = Math.min(rows, (rows * columns + PIECE - 1) / PIECE);
        while (rows % pieces != 0) {
            pieces++;
        }
        return pieces;
    }

    private static double[][] doubles(Object[] arrays) {
        double[][] result = new double[arrays.length][];
        for (int i = 0; i < arrays.length; i++) {
            result[i] = (double[]) arrays[i];
        }
        return result;
    }

    private static double[][] room(Object[] arrays) {
        double[][] result = new double[arrays.length][];
        for (int i = 0; i < arrays.length; i++) {
            result[i] = new double[((float[]) arrays[i]).length];
        }
        return result;
    }

    private static double[][] widened(Object[] arrays) {
        double[][] result = room(arrays);
        for (int i = 0; i < arrays.length; i++) {
            float[] from = (float[]) arrays[i];
            for (int j = 0; j < from.length; j++) {
                result[i][j] = from[j];
            }
        }
        return result;
    }

    private static void round(double[][] from, Object[] arrays) {
        for (int i = 0; i < arrays.length; i++) {
            float[] to = (float[]) arrays[i];
            for (int j = 0; j < to.length; j++) {
                to[j] = (float) from[i][j];
            }
        }
    }
}
