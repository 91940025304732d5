package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.NameScope;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Layers of SameDiff operations, DL4J's own ({@code LocallyConnected2D}, {@code CapsuleLayer}) and those that users define,
 * {@code SameDiffLambdaLayer} among them: the layer's own definition is written into the graph, on the array that DL4J would give
 * it. What it takes are operations that have tangent rules. No rows of the Jacobian are formed of them.
 */
final class SameDiffTranslator implements LayerTranslator<SameDiffLayer> {

    @Override
    public Activations translate(SameDiffLayer layer, Activations input, GraphWriter writer) {
        if (layer.getIDropout() != null) {
            writer.refuse("dropout of a layer of SameDiff operations", Set.of("a DropoutLayer before it"));
        }
        if (input.mask() != null) {
            throw writer.unsupported(
                    "a mask of the features of a layer of SameDiff operations",
                    Set.of("sequences without such a mask", "a translator for LayerTranslators.register"));
        }
        requireNoDilation(layer, writer);
        // such settings tell the type of an output by changing themselves, and these are the network's
        SameDiffLayer settings = (SameDiffLayer) layer.clone();
        long[] shape = outputShape(settings, input, writer);
        requireFit(layer, settings, shape, input, writer);
        requireOutput(settings, shape, input, writer);
        Map<String, SDVariable> parameters = new LinkedHashMap<>();
        layer.getLayerParams().getParamShapes().forEach((key, sizes) -> {
            if (layer.paramReshapeOrder(key) != 'c') {
                throw writer.unsupported("parameter '" + key + "' column by column", Set.of("paramReshapeOrder 'c'"));
            }
            parameters.put(key, writer.parameter(key, sizes));
        });
        writer.withoutRows();
        boolean arrays = input.spatialRank() > 0 || shape.length > 1;
        if (input.isOutline() && arrays) {
            return input.fromNetwork(input.variable(), shape);
        }
        SDVariable output = define(settings, input, parameters, writer);
        return arrays ? input.fromNetwork(output, shape) : input.with(output, shape);
    }

    /** DL4J counts it in the sizes of a locally connected layer's parameters, and computes without. */
    private static void requireNoDilation(SameDiffLayer layer, GraphWriter writer) {
        boolean isDilated = layer instanceof LocallyConnected1D steps && steps.getDilation() > 1
                || layer instanceof LocallyConnected2D image
                        && Arrays.stream(image.getDilation()).anyMatch(d -> d > 1);
        if (isDilated) {
            throw writer.unsupported(
                    "dilation of a locally connected layer, which DL4J counts and does not compute with,",
                    Set.of("dilation 1"));
        }
    }

    /** DL4J multiplies what it has for numbers of windows, which are both negative where none fits. */
    private static void requireWindows(SameDiffLayer layer, Activations input) {
        if (layer instanceof PrimaryCapsules capsules && capsules.getConvolutionMode() != ConvolutionMode.Same) {
            for (int i = 0; i < capsules.getKernelSize().length; i++) {
                long extent = (capsules.getKernelSize()[i] - 1L) * capsules.getDilation()[i] + 1;
                if (input.shape()[i] + 2L * capsules.getPadding()[i] < extent) {
                    throw new GeometryException("windows of " + extent + " do not fit " + input.shape()[i]
                            + " elements with padding " + capsules.getPadding()[i]);
                }
            }
        }
    }

    /** Definitions may ask their input for its shape, which a placeholder has, as DL4J gives them one, and no other variable. */
    private static SDVariable define(
            SameDiffLayer layer, Activations input, Map<String, SDVariable> parameters, GraphWriter writer) {
        SDVariable given = input.asInNetwork();
        VariableType kind = given.getVariableType();
        given.setShape(LayerOutput.shapeInNetwork(input.batch(), input.channelsFirst(), input.shape()));
        given.setVariableType(VariableType.PLACEHOLDER);
        try (NameScope ignored = writer.graph().withNameScope("own" + writer.layer())) {
            return defined(layer.defineLayer(writer.graph(), given, parameters, null), input.type(), writer);
        } catch (UnsupportedNetworkException | GeometryException e) {
            throw e;
        } catch (RuntimeException e) { // the user's own
            throw new IllegalStateException(
                    "The definition of " + writer.layerName() + " failed on an input of shape "
                            + Arrays.toString(given.getShape()) + ": " + e.getMessage(),
                    e);
        } finally {
            given.setVariableType(kind);
        }
    }

    private static SDVariable defined(@Nullable SDVariable output, DataType type, GraphWriter writer) {
        if (output == null) {
            throw writer.unsupported("a definition that returns null", Set.of("the variable of the layer's output"));
        }
        if (output.dataType() != type) {
            throw writer.unsupported(
                    "an output of type " + output.dataType(), Set.of(type + ", the type of the layer's input"));
        }
        return output;
    }

    /** A layer behind one whose output is of another shape than it says fails within ND4J, which names neither. */
    private static void requireOutput(SameDiffLayer layer, long[] shape, Activations input, GraphWriter writer) {
        if (input.isOutline()) {
            return;
        }
        long[] given = LayerOutput.shapeInNetwork(1, input.channelsFirst(), input.shape());
        long[] said = LayerOutput.shapeInNetwork(1, input.channelsFirst(), shape);
        DefinitionTrial.outputShape(layer, given, input.type())
                .filter(made -> !Arrays.equals(made, said))
                .ifPresent(made -> {
                    throw writer.unsupported(
                            "an output of shape " + Arrays.toString(made) + " for an input of shape "
                                    + Arrays.toString(given) + ", where getOutputType says " + Arrays.toString(said)
                                    + ",",
                            Set.of(
                                    "getOutputType that gives, for any input, the type of what the definition makes of it"));
                });
    }

    private static long[] outputShape(SameDiffLayer layer, Activations input, GraphWriter writer) {
        InputType type;
        try {
            type = layer.getOutputType(writer.layer(), InputTypes.of(input));
        } catch (RuntimeException e) { // of layers that do not go together DL4J complains in many ways
            throw notTaken(input, e);
        }
        long[] shape = InputTypes.shape(type, input)
                .orElseThrow(() -> writer.unsupported(
                        "an output of unknown size (" + type + ")",
                        Set.of("getOutputType that gives the type of an example's output")));
        if (Arrays.stream(shape).anyMatch(size -> size <= 0)) {
            throw new GeometryException("nothing is left of " + InputTypes.of(input));
        }
        return shape;
    }

    /**
     * Whether a layer was made for such an input: one that were made for it anew has to have the same parameters, and the same
     * output.
     *
     * @param settings those of the layer, after they told the type of their output
     */
    private static void requireFit(
            SameDiffLayer layer, SameDiffLayer settings, long[] shape, Activations input, GraphWriter writer) {
        requireWindows(layer, input);
        long[] sizes = sizes(layer);
        long[] given = Arrays.copyOf(input.shape(), input.spatialRank());
        if (sizes.length == given.length && !Arrays.equals(sizes, given)) {
            throw GeometryException.sizes(sizes, given);
        }
        SameDiffLayer anew = (SameDiffLayer) layer.clone();
        try {
            anew.setNIn(InputTypes.of(input), true);
        } catch (RuntimeException e) {
            throw notTaken(input, e);
        }
        requireSame("outputs", shape, outputShape(anew, input, writer), input);
        requireSameParameters(layer, settings, input);
        requireSameParameters(layer, anew, input);
    }

    private static void requireSameParameters(SameDiffLayer layer, SameDiffLayer other, Activations input) {
        SDLayerParams params = new SDLayerParams();
        other.defineParameters(params);
        layer.getLayerParams().getParamShapes().forEach((key, expected) -> {
            long[] actual = params.getParamShapes().get(key);
            requireSame("parameters '" + key + "'", expected, actual == null ? new long[0] : actual, input);
        });
    }

    private static void requireSame(String what, long[] expected, long[] actual, Activations input) {
        if (!Arrays.equals(expected, actual)) {
            throw GeometryException.made(
                    what, Arrays.stream(expected).sum(), Arrays.stream(actual).sum(), InputTypes.of(input));
        }
    }

    private static GeometryException notTaken(Activations input, RuntimeException e) {
        return new GeometryException("it does not take " + InputTypes.of(input) + ": " + e.getMessage());
    }

    /** The positions that a layer was made for, as far as it says so. */
    static long[] sizes(Layer layer) {
        if (layer instanceof LocallyConnected1D local) {
            return new long[] {local.getInputSize()};
        }
        return layer instanceof LocallyConnected2D local && local.getInputSize() != null
                ? Arrays.stream(local.getInputSize()).asLongStream().toArray()
                : new long[0];
    }

    @Override
    public long inputs(SameDiffLayer layer) {
        if (layer instanceof LocallyConnected1D local) {
            return local.getNIn();
        }
        if (layer instanceof LocallyConnected2D local) {
            return local.getNIn();
        }
        return layer instanceof PrimaryCapsules capsules ? capsules.getInputChannels() : 0;
    }
}
