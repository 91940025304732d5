package org.dl4jgn.bench.curves;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dl4jgn.bench.curves.CurveFitters.Fitted;
import org.dl4jgn.samediff.SameDiffResiduals;
import org.dl4jgn.tables.DataException;

/**
 * The digits of each parameter and its standard error that a method gets right, −log₁₀ of the relative error and at most 11, of all
 * reference problems in a folder from both starts.
 */
public final class StrdTable {

    /** Certified values have eleven digits. */
    private static final double MOST = 11;

    private final List<Row> rows = new ArrayList<>();

    /**
     * A fit.
     *
     * @param problem name of the data set
     * @param start 1, far, or 2, near
     * @param method name of the method
     * @param digits of each parameter
     * @param errorDigits of each standard error
     * @param fitted what came of it
     */
    record Row(String problem, int start, CurveFitters method, double[] digits, double[] errorDigits, Fitted fitted) {

        /** Of the worst parameter. */
        double worst() {
            return least(digits);
        }

        /** Of the worst standard error. */
        double worstError() {
            return least(errorDigits);
        }

        private static double least(double[] numbers) {
            return Stream.of(numbers)
                    .flatMapToDouble(java.util.Arrays::stream)
                    .min()
                    .orElseThrow();
        }
    }

    /**
     * Fits all problems of a folder.
     *
     * @throws DataException if there is none
     */
    public static StrdTable of(Path folder) throws IOException {
        StrdTable table = new StrdTable();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".dat")).sorted().toList()) {
                table.add(StrdProblem.read(file));
            }
        }
        if (table.rows.isEmpty()) {
            throw new DataException("There is no problem of NIST's in " + folder);
        }
        return table;
    }

    private void add(StrdProblem problem) throws DataException {
        StrdModels.Model model = StrdModels.of(problem.name())
                .orElseThrow(() -> new DataException("There is no model of a data set called " + problem.name()));
        for (int start = 0; start < 2; start++) {
            double[] from = problem.starts()[start];
            try (SameDiffResiduals residuals = StrdFit.residuals(problem, model, from)) {
                for (CurveFitters method : CurveFitters.values()) {
                    Fitted fitted = method.fit(residuals, from);
                    rows.add(new Row(
                            problem.name(),
                            start + 1,
                            method,
                            digits(fitted.parameters(), problem.certified()),
                            digits(fitted.errors(), problem.errors()),
                            fitted));
                }
            }
        }
    }

    private static double[] digits(double[] found, double[] certified) {
        double[] digits = new double[found.length];
        for (int i = 0; i < found.length; i++) {
            double error = Math.abs(found[i] - certified[i]) / Math.abs(certified[i]);
            double exact = Double.isNaN(error) ? 0 : -Math.log10(error);
            digits[i] = Math.max(0, Math.min(MOST, exact));
        }
        return digits;
    }

    List<Row> rows() {
        return rows;
    }

    /** Prints one line a fit, all digits, and a summary, as Markdown. */
    public void print(PrintWriter out) {
        out.println("| problem | start | method | digits of the parameters | least | least of the errors | ending |"
                + " evaluations | ms |");
        out.println("|---|---|---|---|---|---|---|---|---|");
        for (Row row : rows) {
            StringBuilder digits = new StringBuilder();
            for (double d : row.digits()) {
                digits.append(String.format(Locale.ROOT, "%.1f ", d));
            }
            out.printf(
                    Locale.ROOT,
                    "| %s | %d | %s | %s| %.1f | %.1f | %s | %d | %.1f |%n",
                    row.problem(),
                    row.start(),
                    row.method().title(),
                    digits,
                    row.worst(),
                    row.worstError(),
                    row.fitted().ending(),
                    row.fitted().evaluations(),
                    row.fitted().nanos() / 1e6);
        }
        out.println();
        for (CurveFitters method : CurveFitters.values()) {
            for (int start = 1; start <= 2; start++) {
                out.println(summary(method, start));
            }
        }
        out.flush();
    }

    private String summary(CurveFitters method, int start) {
        List<Row> own = rows.stream()
                .filter(row -> row.method() == method && row.start() == start)
                .toList();
        return String.format(
                Locale.ROOT,
                "%s, start %d: 8 digits of every parameter in %d of %d, 6 of every standard error in %d, called"
                        + " converged without 4 digits in %d",
                method.title(),
                start,
                own.stream().filter(row -> row.worst() >= 8).count(),
                own.size(),
                own.stream().filter(row -> row.worstError() >= 6).count(),
                own.stream()
                        .filter(row -> row.fitted().isConverged() && row.worst() < 4)
                        .count());
    }
}
