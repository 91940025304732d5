package org.dl4jgn.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SameDiff;

/** The short examples do what their comments say. */
class ExamplesTest {

    private static final String[] NO_OPTIONS = {};

    @Test
    void theFirstNetworkLearnsTheSpirals() {
        String shown = Console.of(() -> FirstNetwork.main(NO_OPTIONS));
        String accuracy = shown.strip().substring(shown.strip().lastIndexOf(' '));
        assertTrue(Double.parseDouble(accuracy) > 0.98, shown);
    }

    /** NIST's certified values of this data set, BoxBOD. */
    @Test
    void theCurveIsTheCertifiedOne() {
        String shown = Console.of(() -> CurveFit.main(NO_OPTIONS));
        assertEquals(213.8094, number(shown, "a = "), 1e-4, shown);
        assertTrue(shown.contains("± 12.3545"), shown);
    }

    @Test
    void theEquationIsSolved() {
        String shown = Console.of(() -> PoissonEquation.main(NO_OPTIONS));
        assertTrue(number(shown, "relative L2 error: ") < 1e-6, shown);
    }

    /** A quarter of its trials; after one, the error is 0.8. */
    @Test
    void theCubesEquationGetsCloser() {
        assertTrue(PoissonCube.solve(2, 30) < 0.1);
    }

    /** A fifth of its trials, with the Laplacian that is written down; after one, the error is 1. */
    @Test
    void theEquationInFiveDimensionsGetsCloser() {
        assertTrue(PoissonCube.solve(5, 20) < 0.1);
    }

    /** After one trial, the error is 0.7. */
    @Test
    void theRodsEquationGetsCloser() {
        assertTrue(HeatEquation.solve(SameDiff.create(), 20) < 0.1);
    }

    @Test
    void everyStepIsReported() {
        String shown = Console.of(() -> WatchATraining.main(NO_OPTIONS));
        assertEquals(
                20,
                shown.lines().filter(line -> line.matches(" +\\d+ accepted .*")).count(),
                shown);
        assertTrue(shown.lines().allMatch(line -> line.length() <= 130), shown);
        assertTrue(shown.contains("predicted reduction"), shown);
        assertTrue(shown.contains("at steps [0, 5, 10, 15]"), shown);
    }

    @Test
    void aResumedTrainingEndsWithTheSameParameters() {
        String shown = Console.of(() -> SaveAndResume.main(NO_OPTIONS));
        assertTrue(shown.contains("same parameters, to the bit: true"), shown);
    }

    @Test
    void irisesAreTold() {
        String shown = Console.of(() -> Classification.main(NO_OPTIONS));
        assertTrue(number(shown, "Accuracy: +") >= 0.88, shown);
        assertTrue(shown.contains("0 = setosa"), shown);
    }

    @Test
    void theForecastFollowsTheSeries() {
        String shown = Console.of(() -> Forecast.main(NO_OPTIONS));
        assertTrue(number(shown, "mean error of the forecast: ") < 0.15, shown);
    }

    @Test
    void oneSettingServesFourProblems() {
        String shown = Console.of(() -> TuningNothing.main(new String[] {"1"}));
        assertTrue(number(shown, "sine, test loss +") < 0.01, shown);
        assertTrue(number(shown, "Friedman, test loss +") < 0.1, shown);
        assertTrue(number(shown, "two spirals, errors +") < 0.02, shown);
        assertTrue(number(shown, "checkers, errors +") < 0.1, shown);
        assertTrue(shown.contains("Counted in epochs") && shown.contains("Adam is at its default"), shown);
    }

    @Test
    void aResidualNetworkTellsStripesFromChecks() {
        String shown = Console.of(() -> ResidualNetwork.main(NO_OPTIONS));
        assertTrue(number(shown, "told: ") > 0.9, shown);
    }

    @Test
    void twoHeadsLearnTogether() {
        String shown = Console.of(() -> TwoHeads.main(NO_OPTIONS));
        assertTrue(number(shown, "error of the distance: ") < 0.1, shown);
        assertTrue(number(shown, "wrong about the wall: ") < 0.05, shown);
    }

    @Test
    void theSpectrumIsTheSameByBothWays() {
        String shown = Console.of(() -> ResearchersCorner.main(NO_OPTIONS));
        List<String> gram = spectra(shown, "largest eigenvalues of H, from gram:");
        assertEquals(2, gram.size(), shown);
        assertEquals(gram, spectra(shown, "from 20 products:"), shown);
        assertTrue(number(shown, "gram\\| / \\|gram\\| = ") < 1e-12, shown);
    }

    private static List<String> spectra(String shown, String title) {
        return shown.lines()
                .filter(line -> line.contains(title))
                .map(line -> line.substring(line.indexOf(':')))
                .toList();
    }

    private static double number(String shown, String before) {
        Matcher found = Pattern.compile(before + "([0-9.eE+-]+)").matcher(shown);
        assertTrue(found.find(), shown);
        return Double.parseDouble(found.group(1));
    }
}
