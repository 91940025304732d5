package org.dl4jgn.loss;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dl4jgn.plan.PlanCompiler;
import org.dl4jgn.plan.Stage;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The random inputs of an output activation, by name. */
public record HeadNoise(Map<String, INDArray> arrays) {

    public HeadNoise {
        arrays = new LinkedHashMap<>(arrays);
    }

    void declare(PlanCompiler compiler) {
        arrays.forEach((name, array) -> compiler.input(name, array, Stage.FORWARD));
    }
}
