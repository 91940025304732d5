package org.dl4jgn.translate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;

/**
 * Whether sequences may be made longer at their end, by steps that are masked and have no loss, without a change of anything that
 * a network computes at the other steps, of its loss and of its derivatives.
 *
 * <p>That is so where no layer looks ahead, and where those that do, or that make one of all steps, do not see masked steps. It is
 * decided here and nowhere else, by the classes of layers and vertices: what is not named is not padded.
 */
public enum StepPadding {
    /** Not so. */
    NEVER,

    /** So, for sequences without a mask of their own: an LSTM that begins at the end runs on through steps of such a mask. */
    WITHOUT_MASKS,

    /** So. */
    ALWAYS;

    /** Each step for itself. */
    private static final Set<Class<? extends Layer>> OF_A_STEP = Set.of(DenseLayer.class, ActivationLayer.class);

    /** Each step of itself and of those before it; or, where they look further, of those that are not masked. */
    private static final Set<Class<? extends Layer>> FORWARD = Set.of(
            EmbeddingLayer.class,
            SimpleRnn.class,
            LSTM.class,
            GravesLSTM.class,
            GravesBidirectionalLSTM.class,
            OutputLayer.class,
            LossLayer.class,
            RnnOutputLayer.class,
            RnnLossLayer.class);

    /** Heads of examples, and of steps as if they were examples. */
    private static final Set<Class<? extends Layer>> VECTOR_HEADS = Set.of(OutputLayer.class, LossLayer.class);

    private static final Set<Class<? extends GraphVertex>> VERTICES = Set.of(
            ElementWiseVertex.class,
            SubsetVertex.class,
            ScaleVertex.class,
            ShiftVertex.class,
            DuplicateToTimeSeriesVertex.class);

    /** That of layers one after the other. */
    static StepPadding of(LayerStack stack) {
        if (isOfSteps(stack)) {
            return NEVER;
        }
        return least(Stream.concat(
                stack.layers().stream().map(StepPadding::of),
                stack.preprocessors().stream().flatMap(Optional::stream).map(StepPadding::of)));
    }

    /**
     * Whether an output layer of vectors has the steps for examples, whose number divides the loss. DL4J puts the preprocessor
     * that makes examples of steps behind layers that make one of all steps too, where it does nothing.
     */
    private static boolean isOfSteps(LayerStack stack) {
        boolean isOfSteps = false;
        for (int i = 0; i < stack.size(); i++) {
            InputPreProcessor taken = stack.preprocessors().get(i).orElse(null);
            if (taken instanceof RnnToFeedForwardPreProcessor) {
                isOfSteps = i == 0 || !makesOneOfAll(stack.layers().get(i - 1));
            } else if (taken instanceof FeedForwardToRnnPreProcessor) {
                isOfSteps = false;
            }
        }
        return isOfSteps
                && VECTOR_HEADS.contains(stack.layers().get(stack.size() - 1).getClass());
    }

    private static boolean makesOneOfAll(Layer layer) {
        return layer instanceof GlobalPoolingLayer || layer instanceof LastTimeStep;
    }

    /** That of a graph. Masks of an LSTM from both ends do not pass its vertices. */
    static StepPadding of(LayerGraph graph) {
        List<GraphVertex> vertices = graph.vertices().stream()
                .flatMap(vertex -> vertex.conf().stream())
                .toList();
        boolean mayBeOfSteps = vertices.stream().anyMatch(StepPadding::isVectorHead)
                && vertices.stream().anyMatch(StepPadding::takesSteps);
        return !mayBeOfSteps && least(vertices.stream().map(StepPadding::of)) == ALWAYS ? ALWAYS : NEVER;
    }

    private static boolean isVectorHead(GraphVertex vertex) {
        return vertex instanceof LayerVertex of
                && VECTOR_HEADS.contains(of.getLayerConf().getLayer().getClass());
    }

    private static boolean takesSteps(GraphVertex vertex) {
        return vertex instanceof LayerVertex of && of.getPreProcessor() instanceof RnnToFeedForwardPreProcessor
                || vertex instanceof PreprocessorVertex preprocessor
                        && preprocessor.getPreProcessor() instanceof RnnToFeedForwardPreProcessor;
    }

    private static StepPadding least(Stream<StepPadding> parts) {
        return parts.min(Comparator.naturalOrder()).orElse(ALWAYS);
    }

    private static StepPadding when(boolean isExact) {
        return isExact ? ALWAYS : NEVER;
    }

    private static StepPadding of(Layer layer) {
        if (layer instanceof FrozenLayer frozen) {
            return of(frozen.getLayer());
        }
        if (layer instanceof FrozenLayerWithBackprop frozen) {
            return of(frozen.getUnderlying());
        }
        if (layer.getIDropout() != null) {
            // drawn for longer sequences, what the steps there are have would be another draw
            return NEVER;
        }
        if (layer instanceof EmbeddingSequenceLayer embedding) {
            return when(embedding.isInferInputLength());
        }
        if (layer instanceof TimeDistributed each) {
            Layer inner = each.getUnderlying();
            return when(OF_A_STEP.contains(inner.getClass()) && inner.getIDropout() == null);
        }
        if (layer instanceof Bidirectional both) {
            return of(both);
        }
        if (layer instanceof LastTimeStep last) {
            // which hands the mask to what is inside
            return of(last.getUnderlying()) == NEVER ? NEVER : ALWAYS;
        }
        if (layer instanceof GlobalPoolingLayer pooling) {
            return when(pooling.isCollapseDimensions());
        }
        if (layer.getClass() == Convolution1D.class || layer.getClass() == Convolution1DLayer.class) {
            ConvolutionLayer convolution = (ConvolutionLayer) layer;
            return when(convolution.getConvolutionMode() == ConvolutionMode.Causal
                    && convolution.getStride()[0] == 1);
        }
        return when(OF_A_STEP.contains(layer.getClass()) || FORWARD.contains(layer.getClass()));
    }

    private static StepPadding of(Bidirectional layer) {
        Class<? extends Layer> inner = layer.getFwd().getClass();
        if (layer.getFwd().getIDropout() != null) {
            return NEVER;
        }
        if (inner == LSTM.class || inner == GravesLSTM.class) {
            return WITHOUT_MASKS;
        }
        return when(inner == SimpleRnn.class);
    }

    private static StepPadding of(InputPreProcessor preprocessor) {
        if (preprocessor instanceof ComposableInputPreProcessor chain) {
            return least(Arrays.stream(chain.getInputPreProcessors()).map(StepPadding::of));
        }
        return when(preprocessor instanceof RnnToFeedForwardPreProcessor
                || preprocessor instanceof FeedForwardToRnnPreProcessor);
    }

    private static StepPadding of(GraphVertex vertex) {
        if (vertex instanceof LayerVertex of) {
            Layer layer = of.getLayerConf().getLayer();
            boolean channelsLast = Formats.isRecurrent(layer) && !Formats.isChannelsFirst(layer);
            return channelsLast
                    ? NEVER
                    : least(Stream.concat(
                            Stream.of(of(layer)),
                            Optional.ofNullable(of.getPreProcessor()).map(StepPadding::of).stream()));
        }
        if (vertex instanceof PreprocessorVertex preprocessor) {
            return of(preprocessor.getPreProcessor());
        }
        if (vertex instanceof MergeVertex merge) {
            return when(merge.getMergeAxis() == MergeVertex.DEFAULT_MERGE_DIM);
        }
        if (vertex instanceof LastTimeStepVertex last) {
            return when(last.getMaskArrayInputName() != null);
        }
        if (vertex instanceof ReverseTimeSeriesVertex reverse) {
            return when(reverse.getMaskArrayInputName() != null);
        }
        return when(VERTICES.contains(vertex.getClass()));
    }
}
