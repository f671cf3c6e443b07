using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Runtime.Health;

namespace Gatehouse.Runtime.Http;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StoredAnswer))]
[JsonSerializable(typeof(HealthReport))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class HttpJson : JsonSerializerContext;
