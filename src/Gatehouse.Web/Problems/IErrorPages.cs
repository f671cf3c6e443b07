using Gatehouse.Core.Results;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Web;

/// <summary>Answers a rejection with a page where a user reads it.</summary>
internal interface IErrorPages
{
    bool IsWanted(HttpContext http);

    Task WriteAsync(HttpContext http, Error error, int status);
}
