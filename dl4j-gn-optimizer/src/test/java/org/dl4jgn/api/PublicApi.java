package org.dl4jgn.api;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What users may call: the public types of some packages, some types beside them, and whatever public type of the library their
 * signatures name. Each with its members that are public or protected, in words that change when the API does.
 */
final class PublicApi {

    private static final String LIBRARY = "org.dl4jgn.";

    private final Map<String, Class<?>> types = new TreeMap<>();
    private final Deque<Class<?>> unread = new ArrayDeque<>();

    PublicApi(Collection<String> packages, Collection<Class<?>> beside) {
        packages.stream().flatMap(PublicApi::typesOf).forEach(this::add);
        beside.forEach(this::add);
        while (!unread.isEmpty()) {
            Class<?> type = unread.remove();
            signatures(type).forEach(this::addOf);
        }
    }

    private static Stream<Class<?>> typesOf(String name) {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(name).stream()
                        .filter(type -> type.getPackageName().equals(name))
                        .filter(type -> !type.isAnonymousClass() && !type.isLocalClass())
                        .map(JavaClass::reflect);
    }

    /** A line for each type, and below it one for each member. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Class<?> type : types.values()) {
            lines.add(head(type));
            members(type).map(PublicApi::line).sorted().forEach(lines::add);
        }
        return lines;
    }

    private void add(Class<?> type) {
        if (type.getName().startsWith(LIBRARY) && isOpen(type) && types.put(type.getName(), type) == null) {
            unread.add(type);
        }
    }

    private void addOf(Type type) {
        if (type instanceof Class<?> plain) {
            add(plain.isArray() ? plain.componentType() : plain);
        } else if (type instanceof ParameterizedType generic) {
            addOf(generic.getRawType());
            Arrays.stream(generic.getActualTypeArguments()).forEach(this::addOf);
        } else if (type instanceof GenericArrayType array) {
            addOf(array.getGenericComponentType());
        } else if (type instanceof WildcardType wildcard) {
            Stream.of(wildcard.getUpperBounds(), wildcard.getLowerBounds())
                    .flatMap(Arrays::stream)
                    .forEach(this::addOf);
        }
    }

    /** Whether it can be named from elsewhere: public, or protected within what is. */
    private static boolean isOpen(Class<?> type) {
        return isOpen(type.getModifiers()) && (type.getDeclaringClass() == null || isOpen(type.getDeclaringClass()));
    }

    private static boolean isOpen(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static Stream<Type> signatures(Class<?> type) {
        Stream<Type> above = Stream.concat(
                Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()));
        Stream<Type> inside = Arrays.<Type>stream(type.getDeclaredClasses());
        Stream<Type> ofMembers = members(type).flatMap(PublicApi::types);
        return Stream.of(above, inside, ofMembers).flatMap(s -> s);
    }

    private static Stream<Type> types(Member member) {
        if (member instanceof Field field) {
            return Stream.of(field.getGenericType());
        }
        Executable code = (Executable) member;
        Stream<Type> given = Stream.concat(
                Arrays.stream(code.getGenericParameterTypes()), Arrays.stream(code.getGenericExceptionTypes()));
        return code instanceof Method method ? Stream.concat(given, Stream.of(method.getGenericReturnType())) : given;
    }

    private static Stream<Member> members(Class<?> type) {
        return Stream.of(type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
                .flatMap(Arrays::<Member>stream)
                .filter(member -> isOpen(member.getModifiers()) && !member.isSynthetic());
    }

    private static String head(Class<?> type) {
        StringBuilder head = new StringBuilder(type.toGenericString());
        String above = Stream.concat(
                        Stream.ofNullable(type.getGenericSuperclass()), Arrays.stream(type.getGenericInterfaces()))
                .map(Type::getTypeName)
                .filter(name -> !name.equals(Object.class.getName()))
                .reduce("", (all, name) -> all + (all.isEmpty() ? " is " : ", ") + name);
        return head.append(above).toString();
    }

    private static String line(Member member) {
        String text = member instanceof Field field
                ? field.toGenericString()
                : member instanceof Constructor<?> constructor
                        ? constructor.toGenericString()
                        : ((Method) member).toGenericString();
        return "    " + text;
    }
}
