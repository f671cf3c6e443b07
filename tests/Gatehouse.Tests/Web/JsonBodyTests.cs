using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Web;

namespace Gatehouse.Tests.Web;

public class JsonBodyTests
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    [Fact]
    public void A_good_body_is_read()
    {
        var body = Read(
            """{"name":"Asha","age":41,"agreed":true,"address":{"city":"Pune"},"tags":["a","b"],"fields":{"x":"1"},"extra":{"k":[1,"z"]}}"""
        );

        Assert.Empty(body.Input.Errors.ToList());
        Assert.Equal(
            ("Asha", 41, true, "Pune", "1"),
            (
                body.Input.Value.Name,
                body.Input.Value.Age,
                body.Input.Value.Agreed,
                body.Input.Value.Address?.City,
                body.Input.Value.Fields?["x"]
            )
        );
        Assert.Equal(["a", "b"], body.Input.Value.Tags);
    }

    [Fact]
    public void Missing_and_null_members_are_null_without_a_fault()
    {
        var body = Read("""{"name":null,"age":null,"address":null,"tags":null}""");
        Assert.Empty(body.Input.Errors.ToList());
        Assert.Equal(new Sample(), body.Input.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("1")]
    [InlineData("{")]
    [InlineData("{\"name\":\"x\"}x")]
    [InlineData("{\"name\":\"x\",}")]
    [InlineData("{'name':'x'}")]
    [InlineData("{/**/}")]
    [InlineData("{\"name\":\"a\u0001b\"}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"a\\u0000\":1}")]
    [InlineData("\uFEFF{}")]
    public void What_is_no_JSON_object_is_refused(string json) => Assert.Equal(RequestErrors.MalformedJson, Read(json).Rejection);

    [Fact]
    public void Ill_formed_UTF8_and_deep_nesting_are_refused()
    {
        Assert.Equal(RequestErrors.MalformedJson, Read([.. "{\"name\":\""u8, 0xC3, 0x28, .. "\"}"u8]).Rejection);
        Assert.Equal(RequestErrors.MalformedJson, Read("{\"extra\":" + new string('[', 30_000) + new string(']', 30_000) + "}").Rejection);
    }

    [Theory]
    [InlineData("""{"name":1}""", "name", ValidationCodes.WrongType)]
    [InlineData("""{"name":true}""", "name", ValidationCodes.WrongType)]
    [InlineData("""{"name":["x"]}""", "name", ValidationCodes.WrongType)]
    [InlineData("""{"name":{"x":1}}""", "name", ValidationCodes.WrongType)]
    [InlineData("""{"agreed":"true"}""", "agreed", ValidationCodes.WrongType)]
    [InlineData("""{"age":"41"}""", "age", ValidationCodes.WrongType)]
    [InlineData("""{"age":1.5}""", "age", ValidationCodes.WrongType)]
    [InlineData("""{"age":2147483648}""", "age", ValidationCodes.WrongType)]
    [InlineData("""{"weight":1e999}""", "weight", ValidationCodes.WrongType)]
    [InlineData("""{"address":"Pune"}""", "address", ValidationCodes.WrongType)]
    [InlineData("""{"address":{"city":7}}""", "address.city", ValidationCodes.WrongType)]
    [InlineData("""{"tags":["a",null]}""", "tags[1]", ValidationCodes.WrongType)]
    [InlineData("""{"past":[{"city":"a"},{"city":"b","x":1}]}""", "past[1].x", ValidationCodes.UnknownMember)]
    [InlineData("""{"fields":{"x":1}}""", "fields.x", ValidationCodes.WrongType)]
    [InlineData("""{"Name":"x"}""", "Name", ValidationCodes.UnknownMember)]
    [InlineData("""{"role":"admin"}""", "role", ValidationCodes.UnknownMember)]
    [InlineData("""{"name":"a","name":"b"}""", "name", ValidationCodes.DuplicateMember)]
    [InlineData("""{"name":"a","na\u006de":"b"}""", "name", ValidationCodes.DuplicateMember)]
    [InlineData("""{"extra":{"a":1,"a":2}}""", "extra.a", ValidationCodes.DuplicateMember)]
    [InlineData("""{"name":"a\u0000b"}""", "name", ValidationCodes.ControlCharacter)]
    [InlineData("""{"name":"a\nb"}""", "name", ValidationCodes.ControlCharacter)]
    [InlineData("""{"name":"a\u0085b"}""", "name", ValidationCodes.ControlCharacter)]
    [InlineData("""{"name":"\ud800"}""", "name", ValidationCodes.InvalidText)]
    [InlineData("""{"name":"\udc00x"}""", "name", ValidationCodes.InvalidText)]
    [InlineData("""{"extra":["\u0000"]}""", "extra", ValidationCodes.ControlCharacter)]
    public void A_member_that_does_not_fit_is_reported_and_left_null(string json, string field, string code)
    {
        var body = Read(json);
        var fault = Assert.Single(body.Input.Errors.ToList());
        Assert.Equal((field, code), (fault.Field, fault.Code));
        Assert.Null(body.Input.Value.Name);
        Assert.Null(body.Input.Value.Age);
        Assert.Null(body.Input.Value.Tags);
        Assert.Null(body.Input.Value.Extra);
    }

    [Fact]
    public void All_faults_are_named_and_good_members_kept()
    {
        var body = Read("""{"name":1,"age":"x","bogus":0,"address":{"city":"Pune","zip":1}}""");
        Assert.Equal(["name", "age", "bogus", "address.zip"], body.Input.Errors.ToList().Select(f => f.Field));
        Assert.Equal("Pune", body.Input.Value.Address?.City);
    }

    [Fact]
    public void A_body_of_many_faults_gets_a_bounded_answer()
    {
        var json = "{" + string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"m{i}\":0")) + "}";
        Assert.Equal(50, Read(json).Input.Errors.ToList().Count);

        var name = string.Concat(Enumerable.Repeat("\U0001F600", 500));
        var fault = Assert.Single(Read($"{{\"x{name}\":0}}").Input.Errors.ToList());
        Assert.True(fault.Field.Length <= 65);
        Assert.False(char.IsHighSurrogate(fault.Field[^2]));
    }

    [Fact]
    public void Types_that_cannot_be_judged_member_by_member_fail_at_once()
    {
        Assert.Throws<NotSupportedException>(() => JsonRecord<NotNullable>.For(Web));
        Assert.Throws<NotSupportedException>(() => JsonRecord<Mandatory>.For(Web));
        Assert.Throws<NotSupportedException>(() => JsonRecord<Converted>.For(Web));
    }

    [Fact]
    public void Arbitrary_bytes_are_read_or_refused_and_never_throw() =>
        Prop.ForAll<byte[]>(bytes => Read(bytes) is { } body && (body.Rejection is null) == IsObject(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Arbitrary_JSON_of_hostile_fragments_is_read_or_refused_and_never_throws()
    {
        var fragment = Gen.Elements(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"name\"",
            "\"age\"",
            "\"tags\"",
            "\"address\"",
            "\"city\"",
            "\"extra\"",
            "null",
            "true",
            "1",
            "-1e999",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"\\uD83D\\uDE00\"",
            "\"\"",
            " ",
            "\"name\":\"x\"",
            "\"extra\":{",
            "\uFEFF",
            "\\",
            "\""
        );
        var text = Gen.ListOf(fragment).Select(parts => "{" + string.Concat(parts) + "}");
        Prop.ForAll(text.ToArbitrary(), json => Read(json) is not null).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static bool IsObject(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonBody<Sample> Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    private static JsonBody<Sample> Read(byte[] bytes) => JsonBody<Sample>.Read(bytes, JsonRecord<Sample>.For(Web));

    public sealed record Sample
    {
        public string? Name { get; init; }

        public int? Age { get; init; }

        public double? Weight { get; init; }

        public bool? Agreed { get; init; }

        public Place? Address { get; init; }

        public IReadOnlyList<Place>? Past { get; init; }

        public IReadOnlyList<string>? Tags { get; init; }

        public IReadOnlyDictionary<string, string>? Fields { get; init; }

        public JsonElement? Extra { get; init; }
    }

    public sealed record Place
    {
        public string? City { get; init; }
    }

    public sealed record NotNullable
    {
        public int Age { get; init; }
    }

    public sealed record Mandatory
    {
        public required string Name { get; init; }
    }

    public sealed record Converted
    {
        public DateTimeOffset? At { get; init; }
    }
}
