using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FoodDelivery.Http;

/// <summary>The members of a JSON body, with all that is wrong with them by field.</summary>
internal sealed class Input
{
    private readonly JsonElement body;

    private Input(JsonElement body) => this.body = body;

    public JsonObject Errors { get; } = [];

    public bool HasErrors => Errors.Count > 0;

    /// <summary>The body of the request, or why it is none.</summary>
    public static async Task<(Input Input, IResult? Rejection)> ReadAsync(HttpContext http)
    {
        var type = http.Request.ContentType ?? "";
        // A form could be sent by any page in the browser.
        if (!http.Request.HasJsonContentType())
            return (
                new Input(default),
                Answers.Detail(StatusCodes.Status415UnsupportedMediaType, $"Unsupported media type \"{type}\" in request.")
            );
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return (new Input(document.RootElement.Clone()), null);
            return (new Input(default), Answers.Invalid("non_field_errors", "Invalid data. Expected a dictionary."));
        }
        catch (JsonException)
        {
            return (new Input(default), Answers.Detail(StatusCodes.Status400BadRequest, "JSON parse error"));
        }
        catch (BadHttpRequestException e)
        {
            return (new Input(default), Answers.Detail(e.StatusCode, "The request cannot be read."));
        }
    }

    /// <summary>Null without the member, and with an error for what is no text of that length.</summary>
    public string? Text(string name, int max, bool isRequired, bool isTrimmed = true)
    {
        if (Find(name, isRequired) is not { } value)
            return null;
        string? text = value.ValueKind switch
        {
            JsonValueKind.String => Read(value),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        if (text is null)
            return Add(name, "Not a valid string.");
        if (text.Contains('\0', StringComparison.Ordinal))
            return Add(name, "Null characters are not allowed.");
        if (isTrimmed)
            text = text.Trim();
        if (text.Length == 0)
            return Add(name, "This field may not be blank.");
        return text.Length > max ? Add(name, $"Ensure this field has no more than {max} characters.") : text;
    }

    /// <summary>Null without the member.</summary>
    public bool? Flag(string name)
    {
        if (Find(name, isRequired: false) is not { } value)
            return null;
        switch (value.ValueKind)
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.String when bool.TryParse(Read(value), out var flag):
                return flag;
            default:
                Add(name, "Must be a valid boolean.");
                return null;
        }
    }

    public DateOnly? Date(string name, bool isRequired)
    {
        if (Find(name, isRequired) is not { } value)
            return null;
        var text = value.ValueKind == JsonValueKind.String ? Read(value) : null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        Add(name, "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.");
        return null;
    }

    /// <summary>The object in the member; null without it. What is found wrong in it belongs to this one once <see cref="Take"/> is
    /// called.</summary>
    public Input? Nested(string name, bool isRequired)
    {
        if (Find(name, isRequired) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Object)
            return new Input(value);
        Errors[name] = new JsonObject { ["non_field_errors"] = new JsonArray("Invalid data. Expected a dictionary.") };
        return null;
    }

    public void Take(string name, Input nested)
    {
        if (nested.HasErrors)
            Errors[name] = nested.Errors.DeepClone();
    }

    public string? Add(string name, string error)
    {
        if (Errors[name] is JsonArray known)
            known.Add(error);
        else
            Errors[name] = new JsonArray(error);
        return null;
    }

    private JsonElement? Find(string name, bool isRequired)
    {
        if (!body.TryGetProperty(name, out var value))
        {
            if (isRequired)
                Add(name, "This field is required.");
            return null;
        }

        if (value.ValueKind != JsonValueKind.Null)
            return value;
        Add(name, "This field may not be null.");
        return null;
    }

    // Half a pair of surrogates is no text.
    private static string? Read(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
