package org.dl4jgn.conf;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dl4jgn.leastsquares.LevenbergMarquardt;
import org.dl4jgn.samediff.SameDiffTraining;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Every number that a setting takes, found by reflection, so that a new one is tried as well: what cannot be meant is refused in a
 * sentence with the name, the value and the range, before anything is trained.
 */
class InvalidNumbersTest {

    private static final double[] NO_NUMBERS = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1};
    private static final int[] NO_COUNTS = {-1, Integer.MIN_VALUE};

    /** A ratio of reductions may be below zero: steps that raise the loss have such a one. */
    private static final Set<String> ALLOWED =
            Set.of("RatioDamping.low = -1.0", "ValidatedDamping.low = -1.0", "HypergradientDamping.low = -1.0");

    /** Valid for whatever comes first; the third number of a damping is a factor that raises. */
    private static final double[] VALID = {0.5, 0.5, 1.5};

    /** A place for one number. */
    private record Place(String name, Class<?> type, Attempt attempt) {}

    private interface Attempt {
        Object with(Object value) throws ReflectiveOperationException;
    }

    static Stream<Arguments> numbers() {
        return Stream.of(builders(), factories(), records()).flatMap(s -> s).flatMap(InvalidNumbersTest::bad);
    }

    private static Stream<Arguments> bad(Place place) {
        Stream<?> values = place.type == double.class
                ? Arrays.stream(NO_NUMBERS).boxed()
                : place.type == long.class
                        ? Arrays.stream(NO_COUNTS).mapToObj(i -> (long) i)
                        : Arrays.stream(NO_COUNTS).boxed();
        return values.filter(value -> !ALLOWED.contains(place.name + " = " + value))
                .map(value ->
                        Arguments.of(place.name + " = " + value, value, (Executable) () -> place.attempt.with(value)));
    }

    private static Stream<Place> builders() {
        Stream<Supplier<?>> builders = Stream.of(
                Sgn::builder,
                Egn::builder,
                LevenbergMarquardt::builder,
                () -> SameDiffTraining.of(SameDiff.create(), Sgn.builder().build()));
        return builders.flatMap(fresh -> Arrays.stream(fresh.get().getClass().getMethods())
                .filter(method -> !method.isBridge() && method.getDeclaringClass() != Object.class)
                .flatMap(method -> places(method, fresh)));
    }

    private static Stream<Place> factories() {
        return Stream.of(Damping.class, LineSearch.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .flatMap(method -> places(method, () -> null));
    }

    private static Stream<Place> places(Method method, Supplier<?> fresh) {
        Class<?>[] types = method.getParameterTypes();
        if (!Arrays.stream(types).allMatch(InvalidNumbersTest::isNumber)) {
            return Stream.of();
        }
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            int at = i;
            places.add(new Place(name(method, i), types[i], value -> {
                Object[] arguments = new Object[types.length];
                for (int j = 0; j < types.length; j++) {
                    arguments[j] = types[j] == double.class ? VALID[j] : (Object) 5;
                }
                arguments[at] = value;
                Object result = method.invoke(fresh.get(), arguments);
                return Modifier.isStatic(method.getModifiers())
                        ? result
                        : result.getClass().getMethod("build").invoke(result);
            }));
        }
        return places.stream();
    }

    private static String name(Method method, int argument) {
        return method.getDeclaringClass().getName().replaceAll(".*\\.", "") + "." + method.getName() + ", argument "
                + argument;
    }

    private static Stream<Place> records() {
        Stream<Record> valid = Stream.of(
                Pace.standard(),
                Stochastic.STANDARD,
                (Record) LineSearch.armijo(),
                (Record) Damping.linear(1, 0.1, 5),
                (Record) Damping.trustRegion(1),
                (Record) Damping.nielsen(1),
                (Record) Damping.validated(1),
                (Record) Damping.hypergradient(1),
                new CgSettings(8, 0, 10, 2, 20, 0, 0, 0, 0, 0));
        return valid.flatMap(record -> {
            RecordComponent[] components = record.getClass().getRecordComponents();
            List<Place> places = new ArrayList<>();
            for (int i = 0; i < components.length; i++) {
                int at = i;
                if (isNumber(components[i].getType())) {
                    String name = record.getClass().getSimpleName() + "." + components[i].getName();
                    places.add(new Place(name, components[i].getType(), value -> with(record, at, value)));
                }
            }
            return places.stream();
        });
    }

    private static Object with(Record record, int at, Object value) throws ReflectiveOperationException {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = i == at ? value : components[i].getAccessor().invoke(record);
            types[i] = components[i].getType();
        }
        return record.getClass().getDeclaredConstructor(types).newInstance(values);
    }

    private static boolean isNumber(Class<?> type) {
        return type == double.class || type == int.class || type == long.class;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("numbers")
    void whatCannotBeMeantIsRefused(String name, Object value, Executable build) {
        Throwable cause = assertThrows(InvocationTargetException.class, build).getCause();
        String message = assertInstanceOf(IllegalArgumentException.class, cause).getMessage();
        assertTrue(message.matches("[\\w ]+ (is|are) .*but must be .+"), message);
        assertTrue(message.contains(value.toString()), message);
    }
}
