package org.dl4jgn.bench.curves;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dl4jgn.tables.DataException;

/**
 * A file of NIST's Statistical Reference Datasets for nonlinear regression: observations, two starts and certified values.
 *
 * @param name the name of the data set
 * @param starts far and near, [2][n]
 * @param certified the parameters, [n]
 * @param errors their certified standard deviations, [n]
 * @param sumOfSquares certified
 * @param observations y and the predictors of each observation, [m][1 + predictors]
 */
public record StrdProblem(
        String name,
        double[][] starts,
        double[] certified,
        double[] errors,
        double sumOfSquares,
        double[][] observations) {

    private static final Pattern PARAMETER = Pattern.compile("^\\s*b\\d+\\s*=\\s*(.*)$");
    private static final Pattern SUM = Pattern.compile("^Residual Sum of Squares:\\s*(\\S+).*$");
    private static final Pattern DATA = Pattern.compile("^Data:\\s+y\\s+x.*$");

    /**
     * Reads a file.
     *
     * @throws DataException if it is none of these
     */
    public static StrdProblem read(Path file) throws IOException {
        List<double[]> parameters = new ArrayList<>();
        List<double[]> observations = new ArrayList<>();
        double sum = Double.NaN;
        boolean isData = false;
        for (String line : Files.readAllLines(file)) {
            Matcher parameter = PARAMETER.matcher(line);
            Matcher certified = SUM.matcher(line);
            if (isData && !line.isBlank()) {
                observations.add(numbers(line));
            } else if (parameter.matches()) {
                parameters.add(numbers(parameter.group(1)));
            } else if (certified.matches()) {
                sum = Double.parseDouble(certified.group(1));
            } else {
                isData |= DATA.matcher(line).matches();
            }
        }
        if (parameters.isEmpty() || observations.isEmpty() || Double.isNaN(sum)) {
            throw new DataException(file + " is no file of NIST's nonlinear regression problems: " + parameters.size()
                    + " parameters, " + observations.size() + " observations");
        }
        return new StrdProblem(
                String.valueOf(file.getFileName()).replace(".dat", ""),
                new double[][] {column(parameters, 0), column(parameters, 1)},
                column(parameters, 2),
                column(parameters, 3),
                sum,
                observations.toArray(double[][]::new));
    }

    private static double[] numbers(String line) {
        return Stream.of(line.trim().split("\\s+"))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    private static double[] column(List<double[]> rows, int index) {
        return rows.stream().mapToDouble(row -> row[index]).toArray();
    }

    /** Column 0 is y, the others are the predictors. */
    public double[] column(int index) {
        return column(List.of(observations), index);
    }
}
