package org.dl4jgn.testing;

import static org.dl4jgn.testing.Networks.normal;
import static org.dl4jgn.testing.Networks.uniform;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dl4jgn.conf.Damping;
import org.dl4jgn.conf.LineSearch;
import org.dl4jgn.conf.Sgn;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A layer in a small network, in which the settings of its builder are tried one by one. */
public final class LayerBed {

    static final int EXAMPLES = 3;

    private static final String ALWAYS = "";

    private final Supplier<Layer.Builder<?>> builder;
    private final InputType input;
    private final List<Layer> above;
    private final List<Layer> below = new ArrayList<>();
    private final Map<String, Object[]> values = new HashMap<>();
    private final Map<String, InputType> inputs = new HashMap<>();
    private final Set<String> indifferent = new HashSet<>();
    private final Set<String> left = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private final Set<String> otherGradients = new HashSet<>();
    private @Nullable INDArray features;

    LayerBed(InputType input, Supplier<Layer.Builder<?>> builder, Layer... above) {
        this.builder = builder;
        this.input = input;
        this.above = List.of(above);
    }

    /** What a setting is set to; without, it is {@link LayerBeds}'s for all beds. */
    LayerBed with(String setting, Object... value) {
        values.put(setting, value);
        return this;
    }

    /** A setting that goes with another input of the network. */
    LayerBed on(InputType other, String setting) {
        inputs.put(setting, other);
        return this;
    }

    /** Settings that change nothing. */
    LayerBed indifferent(String... settings) {
        indifferent.addAll(List.of(settings));
        return this;
    }

    /** Settings that are tried in tests of their own, or that DL4J itself cannot compute with. */
    LayerBed without(String... settings) {
        left.addAll(List.of(settings));
        return this;
    }

    /** Settings that {@code attach} refuses. */
    LayerBed refused(String... settings) {
        refused.addAll(List.of(settings));
        return this;
    }

    /** A layer between the input and this one. */
    LayerBed over(Layer layer) {
        below.add(layer);
        return this;
    }

    /** What the network is given, instead of numbers of no meaning. */
    LayerBed features(INDArray array) {
        features = array;
        return this;
    }

    /** With these settings DL4J's gradient is not that of its score; with none named, never. */
    LayerBed withAnotherGradient(String... settings) {
        otherGradients.addAll(settings.length == 0 ? List.of(ALWAYS) : List.of(settings));
        return this;
    }

    /** The name of the layer's class. */
    public String layer() {
        return builder.get().getClass().getDeclaringClass().getSimpleName();
    }

    public boolean isIndifferent(String setting) {
        return indifferent.contains(setting) || LayerBeds.INDIFFERENT.contains(setting);
    }

    public boolean isRefused(String setting) {
        return refused.contains(setting);
    }

    /** Whether DL4J's gradient is that of its score. */
    public boolean isGradientOfScore(@Nullable Method setting) {
        return !otherGradients.contains(ALWAYS) && (setting == null || !otherGradients.contains(signature(setting)));
    }

    // ---- settings --------------------------------------------------------------------------------------------------

    /** What the builder has beside the settings of all layers. */
    public List<Method> settings() {
        return settings(builder.get().getClass()).stream()
                .filter(method -> !left.contains(signature(method)))
                .toList();
    }

    /** The same of a builder's class, of overloads that differ in the package of a type alone always the same one. */
    public static List<Method> settings(Class<?> builder) {
        Map<String, Method> methods = new LinkedHashMap<>();
        Set<Class<?>> ofAll = Set.of(Layer.Builder.class, BaseLayer.Builder.class, FeedForwardLayer.Builder.class);
        for (Class<?> type = builder; !ofAll.contains(type); type = type.getSuperclass()) {
            Arrays.stream(type.getDeclaredMethods())
                    .filter(LayerBed::isSetting)
                    .sorted(Comparator.comparing(Method::toString))
                    .forEach(method -> methods.putIfAbsent(signature(method), method));
        }
        return List.copyOf(methods.values());
    }

    private static boolean isSetting(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && !method.isBridge()
                && method.getReturnType().getSimpleName().endsWith("Builder");
    }

    public static String signature(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    // ---- the network -----------------------------------------------------------------------------------------------

    /** The network, with a setting or, for null, without. */
    public MultiLayerNetwork network(@Nullable Method setting) {
        Layer.Builder<?> layer = builder.get();
        if (setting != null) {
            apply(setting, layer);
        }
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(12345)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(Sgn.builder()
                        .damping(Damping.constant(0.1))
                        .lineSearch(LineSearch.none())
                        .cgIterations(2)
                        .build())
                .list();
        below.forEach(next -> list.layer(next.clone()));
        list.layer(layer.build());
        above.forEach(next -> list.layer(next.clone()));
        MultiLayerNetwork net = new MultiLayerNetwork(
                list.overrideNinUponBuild(false).setInputType(input(setting)).build());
        Dl4j.inDouble(() -> {
            net.init();
            return net;
        });
        return net;
    }

    private void apply(Method setting, Layer.Builder<?> layer) {
        String signature = signature(setting);
        Object[] value = values.containsKey(signature) ? values.get(signature) : LayerBeds.value(signature);
        try {
            setting.setAccessible(true); // of a class that is not public
            setting.invoke(layer, value);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(layer() + ": " + signature, e);
        }
    }

    private InputType input(@Nullable Method setting) {
        return setting == null ? input : inputs.getOrDefault(signature(setting), input);
    }

    /** Features; whole numbers for embeddings. */
    public INDArray features(@Nullable Method setting) {
        if (features != null) {
            return features;
        }
        long[] shape = input(setting).getShape(true);
        shape[0] = EXAMPLES;
        return layer().startsWith("Embedding")
                ? Transforms.floor(uniform(5, 0, LayerBeds.WORDS, shape))
                : normal(5, 1, shape);
    }

    /** Soft labels in the shape of the output, which any loss takes. */
    public INDArray labels(MultiLayerNetwork net, INDArray features) {
        INDArray output = net.output(features);
        return Nd4j.nn().softmax(normal(6, 1, output.shape()), 1);
    }

    @Override
    public String toString() {
        return layer();
    }
}
