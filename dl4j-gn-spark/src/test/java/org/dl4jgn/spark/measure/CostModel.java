package org.dl4jgn.spark.measure;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Seconds of a step: questions · (latency + word · d) + work · bd(k + 2), by least squares of relative errors.
 *
 * @param latency of a question, whatever it computes
 * @param word for each number of a vector and question
 * @param work for each example and parameter, in each of k + 2 passes
 * @param error root of the mean square of the relative errors
 */
record CostModel(double latency, double word, double work, double error) {

    /**
     * A step.
     *
     * @param work bd(k + 2)
     */
    record Measured(int questions, long d, double work, double seconds) {

        private double[] row() {
            return new double[] {questions / seconds, (double) questions * d / seconds, work / seconds};
        }
    }

    /** Fits; a constant that would be negative, or is of what was not there, is zero. */
    static CostModel fitted(List<Measured> steps) {
        double[] best = new double[3];
        double least = Double.POSITIVE_INFINITY;
        // all choices of constants that are not zero: the best of those without a negative one
        for (int chosen = 1; chosen < 8; chosen++) {
            double[] x = solve(steps, chosen);
            double error = error(steps, x);
            if (error < least && IntStream.range(0, 3).allMatch(i -> x[i] >= 0)) {
                best = x;
                least = error;
            }
        }
        return new CostModel(best[0], best[1], best[2], least);
    }

    private static double error(List<Measured> steps, double[] x) {
        double sum = 0;
        for (Measured step : steps) {
            double[] row = step.row();
            double difference = row[0] * x[0] + row[1] * x[1] + row[2] * x[2] - 1;
            sum += difference * difference;
        }
        return Math.sqrt(sum / steps.size());
    }

    /** Normal equations, in units in which their diagonal is one, of the constants whose bits are set; others are zero. */
    private static double[] solve(List<Measured> steps, int chosen) {
        int[] columns = IntStream.range(0, 3)
                .filter(i -> (chosen >> i & 1) == 1)
                .filter(i -> steps.stream().anyMatch(step -> step.row()[i] != 0))
                .toArray();
        int n = columns.length;
        double[] unit = new double[n];
        double[][] a = new double[n][n + 1];
        for (int i = 0; i < n; i++) {
            int column = columns[i];
            unit[i] = Math.sqrt(steps.stream()
                    .mapToDouble(s -> s.row()[column] * s.row()[column])
                    .sum());
        }
        for (Measured step : steps) {
            double[] row = step.row();
            for (int i = 0; i < n; i++) {
                double scaled = row[columns[i]] / unit[i];
                for (int j = 0; j < n; j++) {
                    a[i][j] += scaled * row[columns[j]] / unit[j];
                }
                a[i][n] += scaled;
            }
        }
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                double factor = k == i ? 0 : a[k][i] / a[i][i];
                for (int j = 0; j <= n; j++) {
                    a[k][j] -= factor * a[i][j];
                }
            }
        }
        double[] x = new double[3];
        for (int i = 0; i < n; i++) {
            x[columns[i]] = a[i][n] / a[i][i] / unit[i];
        }
        return x;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "latency of a job %.2f ms, %.2e s a number and job, %.2e s an example, parameter and pass; relative error %.2f",
                latency * 1e3,
                word,
                work,
                error);
    }
}
