using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Core.Postgres;

/// <summary>
/// A value with a type of its own, from the request down to its column or JSON member. What is read from there was valid when it was
/// written, so it is taken as it is.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
/// <typeparam name="TForm">What the driver and JSON know: text or bytes.</typeparam>
public interface IStoredValue<TSelf, TForm>
    where TSelf : class, IStoredValue<TSelf, TForm>
{
    /// <summary>A method, so that no serializer or log scope finds it.</summary>
    TForm ToStored();

    static abstract TSelf FromStored(TForm stored);
}

public static class StoredValueExtensions
{
    /// <summary>Lets columns hold values of the type.</summary>
    public static IServiceCollection AddStoredValue<T, TForm>(this IServiceCollection services)
        where T : class, IStoredValue<T, TForm>
        where TForm : notnull
    {
        DbSession.Map<T, TForm>();
        return services;
    }
}

/// <summary>A member of stored JSON that is text there.</summary>
public sealed class StoredText<T> : JsonConverter<T>
    where T : class, IStoredValue<T, string>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        T.FromStored(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToStored());
}

/// <summary>A member of stored JSON that is Base64 there.</summary>
public sealed class StoredBytes<T> : JsonConverter<T>
    where T : class, IStoredValue<T, byte[]>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        T.FromStored(reader.GetBytesFromBase64());

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value.ToStored());
}
