package org.dl4jgn.bench.curves;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.ops.SDMath;

/** The models of NIST's 27 nonlinear regression problems, as SameDiff writes them. */
public final class StrdModels {

    private static final Map<String, Model> MODELS = Map.ofEntries(
            entry("Bennett5", (m, b, x) -> b[1].mul(m.pow(b[2].add(x[0]), b[3].rdiv(-1.0)))),
            entry("BoxBOD", (m, b, x) -> b[1].mul(m.exp(b[2].mul(x[0]).neg()).rsub(1.0))),
            entry("Chwirut1", StrdModels::chwirut),
            entry("Chwirut2", StrdModels::chwirut),
            entry("DanWood", (m, b, x) -> b[1].mul(m.pow(x[0], b[2]))),
            entry(
                    "Eckerle4",
                    (m, b, x) -> b[1].div(b[2])
                            .mul(m.exp(m.square(x[0].sub(b[3]).div(b[2])).mul(-0.5)))),
            entry("ENSO", StrdModels::enso),
            entry("Gauss1", StrdModels::gauss),
            entry("Gauss2", StrdModels::gauss),
            entry("Gauss3", StrdModels::gauss),
            entry("Hahn1", StrdModels::cubics),
            entry(
                    "Kirby2",
                    (m, b, x) -> polynomial(x[0], b[1], b[2], b[3])
                            .div(polynomial(x[0], b[4], b[5]).mul(x[0]).add(1.0))),
            entry("Lanczos1", StrdModels::lanczos),
            entry("Lanczos2", StrdModels::lanczos),
            entry("Lanczos3", StrdModels::lanczos),
            entry(
                    "MGH09",
                    (m, b, x) -> b[1].mul(x[0].mul(x[0]).add(x[0].mul(b[2])))
                            .div(x[0].mul(x[0]).add(x[0].mul(b[3])).add(b[4]))),
            entry("MGH10", (m, b, x) -> b[1].mul(m.exp(b[2].div(x[0].add(b[3]))))),
            entry(
                    "MGH17",
                    (m, b, x) -> b[1].add(b[2].mul(m.exp(x[0].mul(b[4]).neg())))
                            .add(b[3].mul(m.exp(x[0].mul(b[5]).neg())))),
            entry("Misra1a", (m, b, x) -> b[1].mul(m.exp(b[2].mul(x[0]).neg()).rsub(1.0))),
            entry(
                    "Misra1b",
                    (m, b, x) ->
                            b[1].mul(b[2].mul(x[0]).div(2.0).add(1.0).pow(-2.0).rsub(1.0))),
            entry(
                    "Misra1c",
                    (m, b, x) ->
                            b[1].mul(b[2].mul(x[0]).mul(2.0).add(1.0).pow(-0.5).rsub(1.0))),
            entry(
                    "Misra1d",
                    (m, b, x) -> b[1].mul(b[2]).mul(x[0]).div(b[2].mul(x[0]).add(1.0))),
            // the observations are logarithms: see response
            entry(
                    "Nelson",
                    (m, b, x) ->
                            b[1].sub(b[2].mul(x[0]).mul(m.exp(b[3].mul(x[1]).neg())))),
            entry("Rat42", (m, b, x) -> b[1].div(m.exp(b[2].sub(b[3].mul(x[0]))).add(1.0))),
            entry(
                    "Rat43",
                    (m, b, x) -> b[1].div(m.pow(m.exp(b[2].sub(b[3].mul(x[0]))).add(1.0), b[4].rdiv(1.0)))),
            entry(
                    "Roszman1",
                    (m, b, x) -> b[1].sub(b[2].mul(x[0]))
                            .sub(m.atan(b[3].div(x[0].sub(b[4]))).div(Math.PI))),
            entry("Thurber", StrdModels::cubics));

    /** A formula. */
    @FunctionalInterface
    public interface Model {

        /**
         * Writes f.
         *
         * @param b the parameters from b[1] on, as NIST numbers them
         * @param x the predictors
         */
        SDVariable write(SDMath m, SDVariable[] b, SDVariable[] x);
    }

    private StrdModels() {}

    /** The model of a data set. */
    public static Optional<Model> of(String name) {
        return Optional.ofNullable(MODELS.get(name));
    }

    /** What the model predicts, of an observed y. */
    public static double response(String name, double y) {
        return name.equals("Nelson") ? Math.log(y) : y;
    }

    private static SDVariable chwirut(SDMath m, SDVariable[] b, SDVariable[] x) {
        return m.exp(b[1].mul(x[0]).neg()).div(b[2].add(b[3].mul(x[0])));
    }

    private static SDVariable enso(SDMath m, SDVariable[] b, SDVariable[] x) {
        SDVariable time = x[0].mul(2 * Math.PI);
        SDVariable yearly = wave(m, time.div(12.0), b[2], b[3]);
        return b[1].add(yearly).add(wave(m, time.div(b[4]), b[5], b[6])).add(wave(m, time.div(b[7]), b[8], b[9]));
    }

    private static SDVariable wave(SDMath m, SDVariable phase, SDVariable cosine, SDVariable sine) {
        return cosine.mul(m.cos(phase)).add(sine.mul(m.sin(phase)));
    }

    private static SDVariable gauss(SDMath m, SDVariable[] b, SDVariable[] x) {
        return b[1].mul(m.exp(b[2].mul(x[0]).neg()))
                .add(bell(m, x[0], b[3], b[4], b[5]))
                .add(bell(m, x[0], b[6], b[7], b[8]));
    }

    private static SDVariable bell(SDMath m, SDVariable x, SDVariable height, SDVariable centre, SDVariable width) {
        return height.mul(m.exp(m.square(x.sub(centre).div(width)).neg()));
    }

    private static SDVariable lanczos(SDMath m, SDVariable[] b, SDVariable[] x) {
        return decay(m, x[0], b[1], b[2]).add(decay(m, x[0], b[3], b[4])).add(decay(m, x[0], b[5], b[6]));
    }

    private static SDVariable decay(SDMath m, SDVariable x, SDVariable amount, SDVariable rate) {
        return amount.mul(m.exp(rate.mul(x).neg()));
    }

    private static SDVariable cubics(SDMath m, SDVariable[] b, SDVariable[] x) {
        return polynomial(x[0], b[1], b[2], b[3], b[4])
                .div(polynomial(x[0], b[5], b[6], b[7]).mul(x[0]).add(1.0));
    }

    /** Horner's rule, the constant first. */
    private static SDVariable polynomial(SDVariable x, SDVariable... coefficients) {
        SDVariable value = coefficients[coefficients.length - 1].mul(x);
        for (int i = coefficients.length - 2; i > 0; i--) {
            value = value.add(coefficients[i]).mul(x);
        }
        return value.add(coefficients[0]);
    }
}
